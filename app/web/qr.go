package web

import (
	"github.com/boombuler/barcode/qr"

	"pasokh/views/parts"
)

// qrOf draws an address as a QR code; nothing when it is too long for one.
func qrOf(address string) [][]bool {
	code, err := qr.Encode(address, qr.M, qr.Auto)
	if err != nil {
		return nil
	}
	return parts.Modules(code)
}
