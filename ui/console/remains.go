package console

import "bothways/aws/pair"

// farewell says of every pair that this session wrote to what became of it, or
// how it is taken down.
func (s *teardownScreen) farewell() []string {
	var lines []string
	sandbox := false
	for _, t := range s.host.written().touched {
		switch {
		case t.access.Sandbox:
			sandbox = true
		case t.tornDown != "":
			lines = append(lines, t.tornDown)
		case t.stays():
			if left := t.uncleaned(); left != "" {
				lines = append(lines, left)
			}
			profile, profileB := t.access.Profile, t.access.Of(pair.B).Profile
			lines = append(lines, "Take it down, the buckets stay: "+destroyCommand(t.pair, profile, profileB, false))
			if t.madeBuckets() {
				lines = append(lines, "With the buckets that bothways made: "+destroyCommand(t.pair, profile, profileB, true))
			}
		}
	}
	if sandbox {
		lines = append(lines, "The sandbox is gone with this program: there is nothing to take down in it.")
	}
	return lines
}
