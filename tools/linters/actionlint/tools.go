//go:build tools

// Package actionlint keeps actionlint among the requirements of this module.
package actionlint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
