package change

import "bothways/aws/pair"

// Farewell says of every pair that this session wrote to what became of it, or
// how it is taken down.
func (s *teardownScreen) Farewell() []string {
	var lines []string
	sandbox := false
	for _, t := range s.host.Written().Touched {
		switch {
		case t.Access.Sandbox:
			sandbox = true
		case t.TornDown != "":
			lines = append(lines, t.TornDown)
		case t.Stays():
			if left := t.Uncleaned(); left != "" {
				lines = append(lines, left)
			}
			profile, profileB := t.Access.Profile, t.Access.Of(pair.B).Profile
			lines = append(lines, "Take it down, the buckets stay: "+destroyCommand(t.Pair, profile, profileB, false))
			if t.MadeBuckets() {
				lines = append(lines, "With the buckets that bothways made: "+destroyCommand(t.Pair, profile, profileB, true))
			}
		}
	}
	if sandbox {
		lines = append(lines, "The sandbox is gone with this program: there is nothing to take down in it.")
	}
	return lines
}
