package handlers

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"plexydash/store"
)

func TestNewestAnswersOnce(t *testing.T) {
	attempts := []store.Attempt{{AnswerID: 5}, {AnswerID: 0}}
	history := []store.Event{{AnswerID: 9}, {AnswerID: 5}, {}, {AnswerID: 7}, {AnswerID: 2}}
	assert.Equal(t, []int64{9, 7, 5, 2}, answerIDs(attempts, history))
	assert.Equal(t, []int64{5}, answerIDs(attempts, nil))
	assert.Empty(t, answerIDs(nil, []store.Event{{}}))
}

func TestReadable(t *testing.T) {
	assert.Equal(t, `{"a":1}`, readable([]byte(`{"a":1}`), wholeAnswer))
	assert.Equal(t, "a�b", readable([]byte("a\xffb"), wholeAnswer))
	long := readable([]byte(strings.Repeat("ы", 4000)), wholeAnswer)
	assert.True(t, utf8.ValidString(long))
	assert.True(t, strings.HasSuffix(long, "…"))
	assert.Less(t, len(long), 4200)
}

func TestLocalPath(t *testing.T) {
	for text, want := range map[string]string{
		"/": "/", "/a?b=c": "/a?b=c", "": "/", "a": "/", "//host": "/", "/\\host": "/", "/a\nb": "/", "http://host/": "/",
	} {
		assert.Equal(t, want, LocalPath(text), "%q", text)
	}
	assert.Equal(t, "/login", SignInPath("/login?next=%2Fa"), "no chain of sign-in pages")
	assert.Equal(t, "/login", SignInPath("//host"))
	assert.Equal(t, "/login?next=%2Fa", SignInPath("/a"))
}
