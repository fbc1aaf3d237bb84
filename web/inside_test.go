package web

// This file opens a door for the tests of package web_test.

// ActionOf names the POST of an address in the audit log.
func ActionOf(pattern string) string { return actionOf(pattern) }
