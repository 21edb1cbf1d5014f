package trail

import (
	"encoding/json"
	"strings"

	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/probe/wording"
)

// asTheyAre are members whose values are names of AWS and sums of bytes: what
// looks like an account ID in one is none, and one that is changed names nothing.
var asTheyAre = map[string]bool{
	"version_id": true, "version": true, "sha256": true, "line_sha256": true, "original_sha256": true, "request_id": true, "etag": true, "run_id": true, "drill": true,
}

// rewritten is a line of JSON with what must not be written down taken out of its
// texts. All else stays byte for byte.
func rewritten(line []byte, mask bool) []byte {
	out := make([]byte, 0, len(line))
	member := ""
	for i := 0; i < len(line); {
		if line[i] != '"' {
			out = append(out, line[i])
			i++
			continue
		}
		end := i + 1
		for end < len(line) && line[end] != '"' {
			if line[end] == '\\' {
				end++
			}
			end++
		}
		end = min(end+1, len(line))
		literal := line[i:end]
		i = end
		if named(line[end:]) {
			_ = json.Unmarshal(literal, &member) // the line is JSON
			out = append(out, literal...)
			continue
		}
		out = append(out, safe(literal, mask && !asTheyAre[member])...)
	}
	return out
}

// named says whether what was just read is a member's name.
func named(rest []byte) bool {
	return strings.HasPrefix(strings.TrimLeft(string(rest[:min(len(rest), 16)]), " \t\r\n"), ":")
}

// safe is a text's literal without credentials, and without account IDs where
// mask says so.
func safe(literal []byte, mask bool) []byte {
	var text string
	if err := json.Unmarshal(literal, &text); err != nil {
		return literal
	}
	changed := apierror.Redact(text)
	if mask {
		changed = wording.MaskAccounts(changed)
	}
	if changed == text {
		return literal
	}
	quoted, err := json.Marshal(changed)
	if err != nil {
		return []byte(`""`)
	}
	return pair.EscapeJSON(quoted)
}
