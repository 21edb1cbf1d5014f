package probe

import "time"

// Planned counts the probes that start within the rounds or the time that is
// asked for, spread evenly over each round; 0: until somebody stops them.
func Planned(cfg Config) int {
	round := 2 * len(cfg.Sizes)
	if cfg.For <= 0 || cfg.Every <= 0 {
		return round * cfg.Rounds
	}
	n := round * int(cfg.For/cfg.Every)
	for i := 0; i < round && cfg.Every*time.Duration(i)/time.Duration(round) < cfg.For%cfg.Every; i++ {
		n++
	}
	return n
}

// Planned counts the probes that the run was to start; 0: it had no end.
func (e RunEvent) Planned() int {
	return Planned(Config{
		Sizes: e.Sizes, Rounds: e.Rounds,
		For: time.Duration(e.ForMS) * time.Millisecond, Every: time.Duration(e.EveryMS) * time.Millisecond,
	})
}
