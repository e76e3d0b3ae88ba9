package files

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"math"
	"testing"
)

// photo is a JPEG that says where it was taken.
func photo(t *testing.T, lat, lng float64) []byte {
	t.Helper()
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	order := binary.BigEndian
	var tiff bytes.Buffer
	put := func(values ...any) {
		for _, v := range values {
			if err := binary.Write(&tiff, order, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	ref := func(v float64, pos, neg byte) [4]byte {
		if v < 0 {
			return [4]byte{neg}
		}
		return [4]byte{pos}
	}
	angle := func(v float64) {
		v = math.Abs(v)
		put(uint32(v), uint32(1), uint32(math.Mod(v*60, 60)), uint32(1), uint32(math.Mod(v*3600, 60)*1000), uint32(1000))
	}
	tiff.WriteString("MM")
	put(uint16(42), uint32(8), uint16(1), uint16(tagGPS), uint16(4), uint32(1), uint32(26), uint32(0))
	put(uint16(4)) // at 26
	put(uint16(tagLatRef), uint16(2), uint32(2), ref(lat, 'N', 'S'))
	put(uint16(tagLat), uint16(5), uint32(3), uint32(80))
	put(uint16(tagLngRef), uint16(2), uint32(2), ref(lng, 'E', 'W'))
	put(uint16(tagLng), uint16(5), uint32(3), uint32(104))
	put(uint32(0)) // up to 80
	angle(lat)
	angle(lng)
	segment := append([]byte("Exif\x00\x00"), tiff.Bytes()...)
	out := append([]byte{0xff, 0xd8, 0xff, 0xe1}, order.AppendUint16(nil, uint16(len(segment)+2))...)
	return append(append(out, segment...), plain.Bytes()[2:]...)
}

func TestThePlaceOfAPhotoIsRead(t *testing.T) {
	for _, want := range []Point{{36.673, 48.478}, {-33.9, -70.66}} {
		got := pointOf(photo(t, want.Lat, want.Lng))
		if got == nil || math.Abs(got.Lat-want.Lat) > 1e-5 || math.Abs(got.Lng-want.Lng) > 1e-5 {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
}

func TestABrokenPlaceIsNone(t *testing.T) {
	whole := photo(t, 36.673, 48.478)
	for cut := range 200 {
		pointOf(whole[:cut]) // must not panic
	}
	for i := 4; i < 160; i++ {
		bent := bytes.Clone(whole)
		bent[i] ^= 0xff
		if p := pointOf(bent); p != nil && (math.Abs(p.Lat) > 90 || math.Abs(p.Lng) > 180) {
			t.Errorf("byte %d: %+v", i, p)
		}
	}
	if pointOf([]byte{0xff, 0xd8}) != nil {
		t.Error("no picture has a place")
	}
}
