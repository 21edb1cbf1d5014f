package plain

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"bothways/aws/audit/deep"
	"bothways/aws/audit/parity"
)

// settingLine says in what a setting of the two buckets differs, and what would
// make them alike. What is alike needs no line.
func settingLine(s parity.Setting) string {
	switch s.Judgement {
	case parity.Unknown:
		why := s.A.Unread
		if s.B.Unread != "" {
			why = strings.TrimPrefix(why+"; "+s.B.Unread, "; ")
		}
		return fmt.Sprintf("%-9s %s: %s", s.Judgement, s.Title, why)
	case parity.Differs:
		line := fmt.Sprintf("%-9s %s: %s (%s)", s.Judgement, s.Title, s.Means, strings.Join(s.Differences, "; "))
		return line + ". B like A: " + ways(s.LikeA) + ". A like B: " + ways(s.LikeB)
	case parity.Alike:
	}
	return ""
}

func ways(lines []parity.Line) string {
	words := make([]string, 0, len(lines))
	for _, l := range lines {
		words = append(words, strings.TrimSpace(l.CLI+" "+l.Words))
	}
	return strings.Join(words, " && ")
}

func settingsLine(c parity.Compared) string {
	if c.Differ+c.Unknown == 0 {
		return fmt.Sprintf("all %d settings of the buckets are alike", c.Alike)
	}
	return fmt.Sprintf("settings of the buckets: %d differ, %d could not be compared, %d are alike", c.Differ, c.Unknown, c.Alike)
}

// sampledLine says in what a random version differs, or why it could not be
// compared.
func sampledLine(s deep.Sampled) string {
	line := fmt.Sprintf("random version %s of %s: ", s.VersionID, s.Key)
	if s.Gone {
		return line + "deleted meanwhile"
	}
	var parts []string
	for _, a := range slices.Sorted(maps.Keys(s.Differences)) {
		parts = append(parts, string(a)+" differ, "+s.Differences[a])
	}
	for _, a := range slices.Sorted(maps.Keys(s.Unread)) {
		parts = append(parts, string(a)+" not compared, "+s.Unread[a])
	}
	if s.UnderWay {
		parts = append(parts, "a change is still on its way")
	}
	return line + strings.Join(parts, "; ")
}
