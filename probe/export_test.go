package probe

import "time"

// SetWall replaces the wall clock that a runner sees.
func (r *Runner) SetWall(wall func() time.Time) { r.wall = wall }
