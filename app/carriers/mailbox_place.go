package carriers

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// A place is "validity:uid": how far the folder of that validity was read.
func placeOf(folder *imap.SelectData, uid uint32) string {
	return fmt.Sprintf("%d:%d", folder.UIDValidity, uid)
}

func known(place string, folder *imap.SelectData) bool {
	return strings.HasPrefix(place, strconv.FormatUint(uint64(folder.UIDValidity), 10)+":")
}

// follows is the UID that place has come to; 0 when it is of another folder.
func follows(place string, folder *imap.SelectData) uint32 {
	if !known(place, folder) {
		return 0
	}
	_, uid, _ := strings.Cut(place, ":")
	n, _ := strconv.ParseUint(uid, 10, 32)
	return uint32(n)
}

// keepPlace goes on from uid in a folder that was read before; in a new one what
// is unread counts until it was all taken.
func keepPlace(place, uid string, folder *imap.SelectData) string {
	if n, err := strconv.ParseUint(uid, 10, 32); err == nil && known(place, folder) {
		return placeOf(folder, uint32(n))
	}
	return place
}
