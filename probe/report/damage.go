package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// mostDamaged is how many damaged lines are named.
const mostDamaged = 5

// DamageText names the damaged lines of a journal, in words, or is "" where
// there are none.
func DamageText(lines []int) string {
	if len(lines) == 0 {
		return ""
	}
	names := make([]string, 0, mostDamaged)
	for _, number := range lines[:min(mostDamaged, len(lines))] {
		names = append(names, fmt.Sprint(number))
	}
	text := strings.Join(names, ", ")
	if more := len(lines) - mostDamaged; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	if len(lines) == 1 {
		return "line " + text + " of the journal is damaged and left out: what it said is missing here"
	}
	return "lines " + text + " of the journal are damaged and left out: what they said is missing here"
}

// whole says whether a line is a JSON object, so that what can't be understood
// of it was written so.
func whole(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimSpace(line), []byte("{")) && json.Valid(line)
}

// checkDamage refuses a run whose damage leaves unknown what was asked for.
func (run *Run) checkDamage() error {
	if len(run.Damaged) > 0 && len(run.Headers) == 0 && len(run.Samples) > 0 {
		return fmt.Errorf("read journal, line %d: it is damaged, and no other says what the probe was asked for", run.Damaged[0])
	}
	return nil
}
