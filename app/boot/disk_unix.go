//go:build unix

package boot

import "syscall"

// freeSpace is the room left for us on the disk of the folder, in bytes.
func freeSpace(folder string) (uint64, error) {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(folder, &fs); err != nil {
		return 0, err
	}
	return fs.Bavail * uint64(fs.Bsize), nil //nolint:gosec,unconvert // the block size is positive; its type differs between systems
}
