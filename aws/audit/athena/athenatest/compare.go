package athenatest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
)

// version is what both sides have of one, as Athena is asked for it.
type version struct {
	n                   [2]int
	latest, marker      [2]bool
	size, ms            [2]int64
	etag, class         [2]string
	differs, keyDiffers bool
	key, id             string
}

// Comparer executes the statements of a comparison over what both buckets list
// at that moment. It judges as the statements say, in other words than theirs.
func Comparer(ctx context.Context, p pair.Pair, clients map[pair.SideName]*s3.Client) func(statement string) ([][]*string, error) {
	return func(statement string) ([][]*string, error) {
		asked := strings.Contains(statement, "all keys that differ") || strings.Contains(statement, "do not differ")
		if strings.HasPrefix(statement, "CREATE EXTERNAL TABLE") || strings.HasPrefix(statement, "DROP TABLE") {
			return Rows(nil), nil
		}
		if !asked {
			return nil, errors.New("SYNTAX_ERROR")
		}
		all, err := versions(ctx, p, clients)
		if err != nil {
			return nil, err
		}
		if strings.Contains(statement, "all keys that differ") {
			return differences(all), nil
		}
		return totals(all, cutOffOf(statement)), nil
	}
}

// cutOffOf is the newest time in a question for counts that is not too young.
func cutOffOf(statement string) int64 {
	found := regexp.MustCompile(`GREATEST\(ta, tb\) > (\d+)`).FindStringSubmatch(statement)
	if found == nil {
		return 1 << 62
	}
	n, _ := strconv.ParseInt(found[1], 10, 64)
	return n
}

// versions reads both buckets with the SDK.
func versions(ctx context.Context, p pair.Pair, clients map[pair.SideName]*s3.Client) ([]*version, error) {
	byID := map[[2]string]*version{}
	var all []*version
	for i, side := range pair.Sides() {
		add := func(key, id string, latest, marker bool, ms, size int64, etag, class string) {
			v := byID[[2]string{key, id}]
			if v == nil {
				v = &version{key: key, id: id}
				byID[[2]string{key, id}] = v
				all = append(all, v)
			}
			v.n[i]++
			v.latest[i], v.marker[i], v.size[i], v.ms[i], v.etag[i], v.class[i] = latest, marker, size, ms, etag, class
		}
		bucket := p.Side(side).Bucket
		pages := s3.NewListObjectVersionsPaginator(clients[side], &s3.ListObjectVersionsInput{Bucket: &bucket})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				return nil, err
			}
			for _, v := range page.Versions {
				add(*v.Key, *v.VersionId, *v.IsLatest, false, v.LastModified.UnixMilli(), *v.Size, strings.Trim(*v.ETag, `"`), string(v.StorageClass))
			}
			for _, m := range page.DeleteMarkers {
				add(*m.Key, *m.VersionId, *m.IsLatest, true, m.LastModified.UnixMilli(), 0, "", "")
			}
		}
	}
	keys := map[string]bool{}
	for _, v := range all {
		apart := v.ms[0] - v.ms[1]
		v.differs = v.n != [2]int{1, 1} || v.latest[0] != v.latest[1] || v.marker[0] != v.marker[1] || v.size[0] != v.size[1] ||
			v.etag[0] != v.etag[1] || v.id == "null" && max(apart, -apart) > 1000
		keys[v.key] = keys[v.key] || v.differs
	}
	for _, v := range all {
		v.keyDiffers = keys[v.key]
	}
	return all, nil
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

// differences are all versions of the keys that differ, a key's after each
// other, as ORDER BY has them.
func differences(all []*version) [][]*string {
	byKey := map[string][][]string{}
	var order []string
	for _, v := range all {
		if !v.keyDiffers {
			continue
		}
		row := []string{v.key, v.id, fmt.Sprint(v.n[0]), fmt.Sprint(v.n[1])}
		for _, field := range []func(i int) string{
			func(i int) string { return bit(v.latest[i]) }, func(i int) string { return bit(v.marker[i]) },
			func(i int) string { return fmt.Sprint(v.size[i]) }, func(i int) string { return fmt.Sprint(v.ms[i]) },
			func(i int) string { return v.etag[i] }, func(i int) string { return v.class[i] },
		} {
			for i := range 2 {
				if v.n[i] == 0 {
					row = append(row, Null)
					continue
				}
				row = append(row, field(i))
			}
		}
		if byKey[v.key] == nil {
			order = append(order, v.key)
		}
		byKey[v.key] = append(byKey[v.key], row)
	}
	var sorted [][]string
	for _, key := range order {
		sorted = append(sorted, byKey[key]...)
	}
	return Rows(make([]string, 16), sorted...)
}

// totals counts the rest.
func totals(all []*version, cutOff int64) [][]*string {
	var n [11]int64
	keys := map[string]bool{}
	for _, v := range all {
		if v.keyDiffers {
			continue
		}
		keys[v.key] = true
		for i := range 2 {
			if v.marker[i] {
				n[3+i]++
			} else {
				n[1+i]++
				n[5+i] += v.size[i]
			}
		}
		at := 7
		if max(v.ms[0], v.ms[1]) > cutOff {
			at = 9
		}
		n[at]++
		n[at+1] += v.size[0]
	}
	n[0] = int64(len(keys))
	row := make([]string, len(n))
	for i, field := range n {
		row[i] = fmt.Sprint(field)
	}
	return Rows(make([]string, len(n)), row)
}
