package files

import (
	"bytes"
	"encoding/binary"
)

// orientation reads the EXIF orientation of a JPEG, 1 when there is none or it
// cannot be read. Telephones store pictures as the sensor lies and note here
// how to turn them.
func orientation(jpeg []byte) int {
	if tiff := exifOf(jpeg); tiff != nil {
		return tiffOrientation(tiff)
	}
	return 1
}

const (
	tagOrientation = 0x0112
	entryBytes     = 12
)

// tiffOrientation looks for the tag in the first directory of a TIFF header.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(tiff, []byte("MM")) {
		order = binary.BigEndian
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return 1
	}
	count, entries := int(order.Uint16(tiff[at:])), tiff[at+2:]
	for i := 0; i < count && len(entries) >= entryBytes; i++ {
		if order.Uint16(entries) == tagOrientation {
			return int(order.Uint16(entries[8:]))
		}
		entries = entries[entryBytes:]
	}
	return 1
}
