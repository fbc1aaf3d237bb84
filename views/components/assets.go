// Package components holds the parts that pages are built of. Texts come from
// the messages of the language in ctx; what a person may do comes in with the
// props.
package components

import (
	"context"

	"plexydash/static"
)

type assetsKey struct{}

// WithAssets returns a copy of ctx whose pages link to the hashed names of a.
func WithAssets(ctx context.Context, a *static.Assets) context.Context {
	return context.WithValue(ctx, assetsKey{}, a)
}

// Asset is the address of an embedded file such as "app.css". Without assets in
// ctx it is the plain name under /static/, so that a component can be drawn alone.
func Asset(ctx context.Context, name string) string {
	if a, ok := ctx.Value(assetsKey{}).(*static.Assets); ok && a != nil {
		return a.URL(name)
	}
	return static.Prefix + name
}
