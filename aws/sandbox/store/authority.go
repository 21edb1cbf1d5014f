package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// authorityName is the file with what clients of a sandbox have to trust.
const authorityName = "authority.pem"

// KeepAuthority writes what clients have to trust to a file in a folder of its
// own under parent ("" means the system's directory for temporary files), which
// leave removes. What killed runs left there is removed first, as of bodies.
func KeepAuthority(parent string, certificate []byte) (path string, leave func() error, err error) {
	if parent == "" {
		parent = os.TempDir()
	}
	if err := removeStale(parent); err != nil {
		return "", nil, err
	}
	dir, owned, err := heldFolder(parent)
	if err != nil {
		return "", nil, fmt.Errorf("keeping the certificate: %w", err)
	}
	leave = func() error { return errors.Join(owned.Release(), os.RemoveAll(dir)) }
	path = filepath.Join(dir, authorityName)
	if err := os.WriteFile(path, certificate, 0o600); err != nil {
		return "", nil, fmt.Errorf("keeping the certificate: %w", errors.Join(err, leave()))
	}
	return path, leave, nil
}
