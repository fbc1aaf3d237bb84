package session

import (
	"fmt"
	"image/color"
	"strings"

	"github.com/boombuler/barcode/qr"
)

// QR draws text as the path of an SVG whose side is size units, the quiet zone
// of four units included.
func QR(text string) (path string, size int, err error) {
	code, err := qr.Encode(text, qr.M, qr.Auto)
	if err != nil {
		return "", 0, fmt.Errorf("session: QR code: %w", err)
	}
	const quiet = 4
	side := code.Bounds().Dx()
	var b strings.Builder
	for y := range side {
		for x := range side {
			if code.At(x, y) == color.Black {
				_, _ = fmt.Fprintf(&b, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	return b.String(), side + 2*quiet, nil
}
