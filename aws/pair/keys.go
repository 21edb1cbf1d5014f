package pair

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// The key of everything that bothways writes says whose it is: the replicated
// prefix, the room of all pairs, the pair's ID, what it is, and the run's ID.
// An unfinished upload and a delete marker carry nothing else that could say it.

// CanaryPrefix is where the pair's canaries are written.
func (p Pair) CanaryPrefix() string { return p.ObjectPrefix() + canaryRoom }

// ProbePrefix is where the pair's probe objects are written.
func (p Pair) ProbePrefix() string { return p.ObjectPrefix() + probeRoom }

// ObjectPrefix covers everything that this pair writes into the buckets, and
// nothing that another pair writes there.
func (p Pair) ObjectPrefix() string { return p.SharedPrefix() + p.ID() + "/" }

// SharedPrefix covers what every pair writes under the replicated prefix.
func (p Pair) SharedPrefix() string { return p.Options.Prefix + objectRoom }

// EarlierPrefixes are where earlier versions wrote, for every pair alike.
// What lies there is this pair's only where it carries the pair's mark.
func (p Pair) EarlierPrefixes() []string {
	return []string{p.SharedPrefix() + canaryRoom, p.SharedPrefix() + probeRoom}
}

// CanaryKey is the key of a run's canary of one attempt, which counts from 1.
func (p Pair) CanaryKey(run string, d Direction, attempt int) string {
	return fmt.Sprintf("%s%s/%s-%d", p.CanaryPrefix(), run, d.Slug(), attempt)
}

// ProbeKey is the key of a run's probe object: spread is four hexadecimal
// digits over which S3 can spread the load, nonce capitals and digits that no
// other run has.
func (p Pair) ProbeKey(run, spread string, number int, nonce string) string {
	return fmt.Sprintf("%s%s/%s/%06d-%s", p.ProbePrefix(), run, spread, number, nonce)
}

// ownShape is what follows the pair's prefix in the keys above.
var ownShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(` + canaryRoom + `[\w.-]+/(a-to-b|b-to-a)-[0-9]+|` + probeRoom + `[\w.-]+/[0-9a-f]{4}/[0-9]{6,}-[A-Z2-7]+)$`)
})

// Wrote says whether a key is one that a run of this pair makes: what somebody
// else put under the pair's prefix has another.
func (p Pair) Wrote(key string) bool {
	rest, under := strings.CutPrefix(key, p.ObjectPrefix())
	return under && ownShape().MatchString(rest)
}

// RunOf is the run, a drill too, whose key one is, whichever pair's; "" where it is
// of none.
func RunOf(key string) string {
	if found := anyShape().FindStringSubmatch(key); found != nil {
		return strings.TrimSuffix(strings.Split(found[3], "/")[1], alarmRun)
	}
	return ""
}

// WriterOf is the ID of the pair of whose runs a key is, under whatever prefix,
// and what precedes the rest of it; "" where it is of none. Whether the object is
// that pair's, its mark has to say.
func WriterOf(key string) (id, under string) {
	if found := anyShape().FindStringSubmatch(key); found != nil {
		return found[2], found[1]
	}
	return "", ""
}

var anyShape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(.*` + objectRoom + `([a-z2-7]{6})/)` + strings.TrimPrefix(ownShape().String(), "^"))
})
