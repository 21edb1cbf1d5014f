package console

// staged is an app whose screens are at hand.
type staged struct {
	*app
	where   *whereScreen
	sides   [2]*sideScreen
	options *optionsScreen
	plan    *planScreen
	apply   *applyScreen
	probe   *probeScreen
	results *resultsScreen
	remove  *teardownScreen
	doctor  *doctorScreen
	past    *runsScreen
}

func onStage(a *app) *staged {
	return &staged{
		app: a, where: a.screens[atWhere].(*whereScreen), options: a.screens[atOptions].(*optionsScreen),
		sides: [2]*sideScreen{a.screens[atSideA].(*sideScreen), a.screens[atSideB].(*sideScreen)},
		plan:  a.screens[atPlan].(*planScreen), apply: a.screens[atApply].(*applyScreen), remove: a.screens[atTeardown].(*teardownScreen),
		doctor: a.screens[atDoctor].(*doctorScreen), probe: a.screens[atProbe].(*probeScreen), results: a.screens[atResults].(*resultsScreen),
		past: a.screens[atRuns].(*runsScreen),
	}
}

// unkept counts the samples that nothing holds but memory.
func unkept(a *staged) int {
	n, _ := a.unkept()
	return n
}

// measuring lets the measurement go on, as if an engine took it.
func measuring(a *staged) {
	s := a.probe
	s.run = &running{stream: newStream(0), doing: "measuring", cancel: func() {}, take: s.take, busy: s.flying, stop: s.stop}
}
