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
