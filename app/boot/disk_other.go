//go:build !unix

package boot

import "errors"

// freeSpace is unknown here.
func freeSpace(string) (uint64, error) { return 0, errors.ErrUnsupported }
