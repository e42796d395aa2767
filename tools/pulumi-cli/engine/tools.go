//go:build tools

// Package tools names the command that this module exists to build, so that
// `go mod tidy` keeps its requirements. For another version, in this folder:
// `go get github.com/pulumi/pulumi/pkg/v3@VERSION && go mod tidy`; the set-up
// reads the version and the Go that it needs from go.mod.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
