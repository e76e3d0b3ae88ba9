package files

import (
	"bytes"
	"encoding/binary"
	"math"
)

// Point is where a picture was taken, in degrees (WGS 84).
type Point struct{ Lat, Lng float64 }

// Point is where the picture was taken, when Upload.ReadPlace asked for it and
// the picture said so. The stored picture itself says nothing any more.
func (r *Received) Point() *Point { return r.point }

const (
	tagGPS       = 0x8825 // offset of the directory of places
	tagLatRef    = 1
	tagLat       = 2
	tagLngRef    = 3
	tagLng       = 4
	degreesBytes = 24 // three rationals: degrees, minutes, seconds
)

// pointOf reads the place from the EXIF of a JPEG; nil when there is none or it
// cannot be read.
func pointOf(jpeg []byte) *Point {
	tiff := exifOf(jpeg)
	if len(tiff) < 8 {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bytes.HasPrefix(tiff, []byte("MM")) {
		order = binary.BigEndian
	}
	entries := directory(tiff, order, order.Uint32(tiff[4:]))
	gps, ok := entries[tagGPS]
	if !ok {
		return nil
	}
	place := directory(tiff, order, order.Uint32(gps[8:]))
	lat, okLat := degrees(tiff, order, place[tagLat], place[tagLatRef], 'S', 90)
	lng, okLng := degrees(tiff, order, place[tagLng], place[tagLngRef], 'W', 180)
	if !okLat || !okLng || lat == 0 && lng == 0 {
		return nil
	}
	return &Point{Lat: lat, Lng: lng}
}

// exifOf is the TIFF part of the EXIF segment of a JPEG.
func exifOf(jpeg []byte) []byte {
	if len(jpeg) < 4 {
		return nil
	}
	for rest := jpeg[2:]; len(rest) >= 4 && rest[0] == 0xff; {
		marker, size := rest[1], int(binary.BigEndian.Uint16(rest[2:]))
		if marker == 0xda || size < 2 || 2+size > len(rest) {
			return nil
		}
		if tiff, ok := bytes.CutPrefix(rest[4:2+size], []byte("Exif\x00\x00")); ok && marker == 0xe1 {
			return tiff
		}
		rest = rest[2+size:]
	}
	return nil
}

// directory reads the entries of one TIFF directory by their tags.
func directory(tiff []byte, order binary.ByteOrder, at uint32) map[uint16][]byte {
	if uint64(at)+2 > uint64(len(tiff)) {
		return nil
	}
	count, rest := int(order.Uint16(tiff[at:])), tiff[at+2:]
	all := map[uint16][]byte{}
	for i := 0; i < count && len(rest) >= entryBytes; i++ {
		all[order.Uint16(rest)] = rest[:entryBytes]
		rest = rest[entryBytes:]
	}
	return all
}

// degrees reads an angle of degrees, minutes and seconds; negative is the
// letter of the other half of the world.
func degrees(tiff []byte, order binary.ByteOrder, angle, ref []byte, negative byte, limit float64) (float64, bool) {
	if len(angle) < entryBytes || len(ref) < entryBytes || order.Uint16(angle[2:]) != 5 || order.Uint32(angle[4:]) != 3 {
		return 0, false
	}
	at := uint64(order.Uint32(angle[8:]))
	if at+degreesBytes > uint64(len(tiff)) {
		return 0, false
	}
	sum, part := 0.0, 1.0
	for i := range uint64(3) {
		over, under := order.Uint32(tiff[at+i*8:]), order.Uint32(tiff[at+i*8+4:])
		if under == 0 {
			return 0, false
		}
		sum += float64(over) / float64(under) / part
		part *= 60
	}
	if ref[8] == negative {
		sum = -sum
	}
	return sum, math.Abs(sum) <= limit
}
