package main_test

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What only two people together may do is done in one place, behind their
// decision; nothing else in the program calls these rules.
func TestOnlyDecisionsSettleADoubt(t *testing.T) {
	rules := regexp.MustCompile(`\.(Resend|Abandon|TakeAsOurs|Disown|MissByTicket|Override|Link)\(`)
	var callers []string
	for file := range sourceFiles(t, ".go") {
		if strings.HasPrefix(file, "distribution/") || strings.HasSuffix(file, "_test.go") {
			continue
		}
		contents, err := os.ReadFile(file)
		require.NoError(t, err)
		if rules.Match(bytes.ReplaceAll(contents, []byte("os.Link("), nil)) { // which joins files
			callers = append(callers, file)
		}
	}
	assert.Equal(t, []string{"store/decided.go"}, callers)
}
