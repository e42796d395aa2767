"""How credentials are taken apart, without any library of a vendor."""
