package probe

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

func (w *world) commit(bucket, key, mark string, size int64, etag string) *version {
	w.next++
	v := &version{key: key, id: fmt.Sprintf("v%d", w.next), size: size, etag: etag, committed: time.Now(), status: "PENDING", pair: mark}
	if delay := w.delay(key); delay >= 0 {
		v.visible = v.committed.Add(delay)
	}
	w.versions[bucket] = append(w.versions[bucket], v)
	return v
}

// deliver makes the replicas whose time has come, as of now.
func (w *world) deliver() {
	for _, bucket := range []string{bucketA, bucketB} {
		for _, v := range w.versions[bucket] {
			if v.status != "PENDING" || v.visible.IsZero() || v.visible.After(time.Now()) || !v.deleted.IsZero() && v.deleted.Before(v.visible) && !w.deliversLate {
				continue
			}
			v.status = "COMPLETED"
			replica := *v
			replica.deleted = time.Time{}
			replica.status, replica.origin = cmp.Or(v.replicaStatus, "REPLICA"), v
			w.versions[other(bucket)] = append(w.versions[other(bucket)], &replica)
		}
	}
}

func (w *world) find(bucket, key, id string) *version {
	for _, v := range w.versions[bucket] {
		if v.key == key && v.id == id && v.deleted.IsZero() {
			return v
		}
	}
	return nil
}

// holds says whether a bucket holds a version now.
func (w *world) holds(bucket, id string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deliver()
	return slices.ContainsFunc(w.versions[bucket], func(v *version) bool { return v.id == id && v.deleted.IsZero() })
}

func (w *world) head(bucket, key, id string, passOn bool) *http.Response {
	v := w.find(bucket, key, id)
	if v == nil && passOn {
		v = w.find(other(bucket), key, id)
	}
	if v == nil {
		return reply(404, nil, "")
	}
	headers := map[string]string{
		"X-Amz-Version-Id": v.id, "ETag": v.etag, "Content-Length": fmt.Sprint(v.size),
		"X-Amz-Meta-Bothways-Pair": v.pair,
	}
	switch {
	case v.uncovered, w.silent:
	case v.failed:
		headers["X-Amz-Replication-Status"] = "FAILED"
	default:
		headers["X-Amz-Replication-Status"] = v.status
	}
	response := reply(200, headers, "")
	response.ContentLength = v.size
	return response
}

func (w *world) list(bucket, prefix string) *http.Response {
	type entry struct {
		Key, VersionId string //nolint:revive // the element's name on the wire
	}
	var result struct {
		XMLName xml.Name `xml:"ListVersionsResult"`
		Version []entry
	}
	for _, v := range w.versions[bucket] {
		if strings.HasPrefix(v.key, prefix) && v.deleted.IsZero() {
			result.Version = append(result.Version, entry{v.key, v.id})
		}
	}
	text, _ := xml.Marshal(result)
	return reply(200, nil, string(text))
}

// left lists the keys that still have a version in either bucket.
func (w *world) left() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.deliver()
	var keys []string
	for bucket, versions := range w.versions {
		for _, v := range versions {
			if v.deleted.IsZero() {
				keys = append(keys, bucket+" "+v.key)
			}
		}
	}
	slices.Sort(keys)
	return keys
}

// truth is when the object became visible on the other side.
func (w *world) truth(key string) (committed, visible time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, bucket := range []string{bucketA, bucketB} {
		for _, v := range w.versions[bucket] {
			if v.key == key && v.origin == nil {
				return v.committed, v.visible
			}
		}
	}
	return time.Time{}, time.Time{}
}
