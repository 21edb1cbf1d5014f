package stats

// ByChance says how often one of the verdicts on file size that stand together
// shows a link where there is none, which is more often than the 5 % that each
// is held to. It is empty where fewer than two could be judged.
//
// At one look it is 12 % of three, simulated, and 5 to 10 % of two, the more the
// fewer samples they share. Of intervals that hold at every look it is at most
// the sum.
func ByChance(verdicts []VerdictEvent) string {
	judged, looks := 0, Once
	for _, v := range verdicts {
		if v.About != AboutSizes || v.Reason != "" {
			continue
		}
		if v.Direction == nil && (v.N[0] == 0 || v.N[1] == 0) { // the same as that of its only direction
			continue
		}
		judged++
		if v.Interval != Once.kind() {
			looks = Anytime
		}
	}
	said := func(often, these string) string {
		return "Where file size does not matter, " + often + " still shows a link in one of these " + these + " comparisons with it."
	}
	switch {
	case judged < 2:
		return ""
	case judged == 2 && looks == Once:
		return said("up to one run in ten", "two")
	case judged == 2:
		return said("at most one run in ten", "two")
	case looks == Once:
		return said("about one run in eight", "three")
	default:
		return said("at most one run in six", "three")
	}
}
