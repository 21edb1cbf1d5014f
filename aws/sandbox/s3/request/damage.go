package request

import (
	"errors"

	"bothways/aws/sandbox/store"
)

// Broken tells of a version whose body could not be read because it is damaged;
// other errors, such as a client that went away, it lets be.
func (c *Call) Broken(from *store.Bucket, v *store.Version, err error) {
	if errors.Is(err, store.ErrDamaged) && c.Backend.Damaged != nil {
		c.Backend.Damaged(from.Name, v.Key, v.ID)
	}
}
