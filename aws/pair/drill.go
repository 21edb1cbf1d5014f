package pair

import "strings"

// What a drill makes is marked so that it can be found again with every local
// file lost: its roles are named by the pair's ID and the region, and all of it
// carries the drill's ID.

// DrillTagKey marks what a drill made, with the drill's ID; on a bucket of the
// pair, which a drill only tags, with DrillMark.
const DrillTagKey = "bothways:drill"

// DrillRoleName names the role that AWS FIS takes in direction d's Region. Where a
// prefix that was asked for leaves too little room, its last part is shortened.
func (p Pair) DrillRoleName(d Direction) string {
	start, region := p.Options.RolePrefix+RulePrefix+p.ID()+"-", p.From(d).Region
	if name := start + "fis-" + region; len(name) <= mostRoleName {
		return name
	}
	return start + "f-" + strings.ReplaceAll(region, "-", "")
}

// DrillPolicyName names the inline policy of that role.
func (p Pair) DrillPolicyName() string { return "bothways-drill" }

// DrillMark is the value of a bucket's tag while a drill pauses what goes out
// from it. It names the pair, because a bucket may belong to several.
func (p Pair) DrillMark(drill string, side SideName) string {
	return drill + "-" + p.ID() + "-" + string(side)
}

// DrillOf is the drill that such a value names, and whether that is one of this
// pair, whichever of its sides was A then.
func (p Pair) DrillOf(mark string) (drill string, own bool) {
	for _, side := range Sides() {
		if drill, is := strings.CutSuffix(mark, "-"+p.ID()+"-"+string(side)); is && drill != "" {
			return drill, true
		}
	}
	return mark, false
}

// AlarmPolicyName names the inline policy by which a drill keeps the role of
// direction d from replicating what lies under AlarmPrefix. A policy has no tags,
// so its name says whose it is.
func (p Pair) AlarmPolicyName(d Direction, drill string) string { return p.alarmPolicy(d) + drill }

func (p Pair) alarmPolicy(d Direction) string {
	return RulePrefix + "alarm-" + p.ID() + "-" + p.From(d).Region + "-"
}

// AlarmOf is the drill that the name of such a policy has, and whether it is one
// of this pair's direction d.
func (p Pair) AlarmOf(d Direction, name string) (drill string, own bool) {
	drill, own = strings.CutPrefix(name, p.alarmPolicy(d))
	return drill, own && drill != ""
}

// AlarmRun is what stands for the run in the keys of objects that a drill makes
// to fail: those of its other objects have another.
func AlarmRun(drill string) string { return drill + alarmRun }

const alarmRun = "-alarm"

// AlarmPrefix covers the objects that a drill makes to fail, and nothing else.
func (p Pair) AlarmPrefix(drill string) string { return p.CanaryPrefix() + AlarmRun(drill) + "/" }

// PauseTagKey marks a bucket of the pair for pauses on a schedule, which others
// than bothways start, with PauseMark. It is not a drill's own mark: it stays.
const PauseTagKey = "bothways:pause"

// PauseMark is the value of that tag on a side.
func (p Pair) PauseMark(side SideName) string { return p.ID() + "-" + string(side) }

// PauseRoleName names the role of such pauses of direction d, which is another one
// than a drill's.
func (p Pair) PauseRoleName(d Direction) string {
	start, region := p.Options.RolePrefix+RulePrefix+p.ID()+"-", p.From(d).Region
	if name := start + "pause-" + region; len(name) <= mostRoleName {
		return name
	}
	return start + "p-" + strings.ReplaceAll(region, "-", "")
}
