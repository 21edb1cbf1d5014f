package probe

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/pair"
)

// world is two buckets that replicate to each other, behind an
// http.RoundTripper in this process. It knows the true instants, which the
// probe can only bracket. Its waits are virtual under synctest.
type world struct {
	rtt   map[string]time.Duration           // by bucket
	delay func(key string) time.Duration     // from commit to visible; below zero: never
	fault func(*http.Request) *http.Response // nil: none
	stall func(*http.Request) bool           // true: no answer until the caller gives up
	mark  func(*version)                     // changes every version before each answer; nil: none

	// silent shows no replication status, proxies answers a HEAD for the
	// other site, as MinIO does, and direct leaves that where the caller asks
	// for it.
	silent, proxies, direct bool
	rules                   ruling           // nil: one that covers everything
	date                    func() time.Time // of every answer; nil: none is given

	// deliversLate delivers what was on its way when its origin
	// was deleted.
	deliversLate bool

	mu       sync.Mutex
	next     int
	versions map[string][]*version // by bucket
	bodies   map[string][]byte     // of parts, by upload and number
	requests map[string]int        // by method and bucket
	inFlight map[string]int        // HEADs by bucket and key
	busiest  int
}

type version struct {
	key, id, status, pair string
	size                  int64
	etag                  string
	committed, visible    time.Time
	deleted               time.Time
	failed, uncovered     bool
	replicaStatus         string
	origin                *version // of a replica
}

const (
	bucketA = "bothways-test-a"
	bucketB = "bothways-test-b"
)

func newWorld(delay time.Duration) *world {
	return &world{
		rtt:      map[string]time.Duration{bucketA: 20 * time.Millisecond, bucketB: 180 * time.Millisecond},
		delay:    func(string) time.Duration { return delay },
		versions: map[string][]*version{}, bodies: map[string][]byte{},
		requests: map[string]int{}, inFlight: map[string]int{},
	}
}

func testPair() pair.Pair {
	return pair.Pair{
		A:       pair.Side{Region: "eu-west-1", Bucket: bucketA},
		B:       pair.Side{Region: "ap-southeast-1", Bucket: bucketB},
		Options: pair.DefaultOptions(),
	}
}

func (w *world) clients() Clients { return w.clientsOver(w) }

func (w *world) clientsOver(transport http.RoundTripper) Clients {
	client := func(region string) *s3.Client {
		return s3.NewFromConfig(aws.Config{
			Region: region, HTTPClient: &http.Client{Transport: transport},
			Credentials:  credentials.NewStaticCredentialsProvider("AKIDTEST", "SECRETTEST", ""),
			BaseEndpoint: aws.String("http://s3.test"),
		}, func(o *s3.Options) { o.UsePathStyle = true })
	}
	return Clients{A: client("eu-west-1"), B: client("ap-southeast-1")}
}

// RoundTrip implements http.RoundTripper.
func (w *world) RoundTrip(request *http.Request) (*http.Response, error) {
	bucket, key, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, "/"), "/")
	w.count(request, bucket, key, 1)
	defer w.count(request, bucket, key, -1)
	var content []byte
	if request.Body != nil {
		content, _ = io.ReadAll(request.Body)
		_ = request.Body.Close()
	}
	half := w.rtt[bucket] / 2
	if err := sleep(request.Context(), half); err != nil {
		return nil, err
	}
	if w.stall != nil && w.stall(request) {
		<-request.Context().Done()
		return nil, request.Context().Err()
	}
	var response *http.Response
	if w.fault != nil {
		response = w.fault(request)
	}
	if response == nil {
		response = w.serve(request, bucket, key, content)
	}
	response.Request = request
	if w.date != nil {
		response.Header.Set("Date", w.date().UTC().Format(http.TimeFormat))
	}
	if err := sleep(request.Context(), half); err != nil {
		return nil, err
	}
	return response, nil
}

func (w *world) count(request *http.Request, bucket, key string, by int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if by > 0 {
		w.requests[request.Method+" "+bucket]++
	}
	if request.Method == http.MethodHead {
		object := bucket + "/" + key
		w.inFlight[object] += by
		w.busiest = max(w.busiest, w.inFlight[object])
	}
}

// ruling answers for a bucket's replication configuration.
type ruling func(bucket string) (status int, headers map[string]string, body string)

func refuses(status int, code string) ruling {
	return func(string) (int, map[string]string, string) {
		return status, nil, "<Error><Code>" + code + "</Code><Message>" + code + "</Message></Error>"
	}
}

func reply(status int, headers map[string]string, body string) *http.Response {
	response := &http.Response{
		StatusCode: status, Status: http.StatusText(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
	for name, value := range headers {
		response.Header.Set(name, value)
	}
	return response
}

func refusal(status int, code string) *http.Response {
	return reply(status, nil, "<Error><Code>"+code+"</Code><Message>"+code+"</Message></Error>")
}

func other(bucket string) string {
	if bucket == bucketA {
		return bucketB
	}
	return bucketA
}

func (w *world) serve(request *http.Request, bucket, key string, content []byte) *http.Response {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.mark != nil {
		for _, versions := range w.versions {
			for _, v := range versions {
				w.mark(v)
			}
		}
	}
	w.deliver()
	query := request.URL.Query()
	switch {
	case request.Method == http.MethodHead:
		asked := w.proxies && (!w.direct || request.Header.Get("X-Minio-Source-Proxy-Request") == "")
		return w.head(bucket, key, query.Get("versionId"), asked)
	case request.Method == http.MethodPut && query.Has("partNumber"):
		part := query.Get("uploadId") + "/" + query.Get("partNumber")
		w.bodies[part] = content
		return reply(200, map[string]string{"ETag": `"part"`}, "")
	case request.Method == http.MethodPut:
		v := w.commit(bucket, key, request.Header.Get("X-Amz-Meta-Bothways-Pair"), int64(len(content)), fmt.Sprintf("%q", fmt.Sprintf("%x", len(content))))
		return reply(200, map[string]string{"X-Amz-Version-Id": v.id, "ETag": v.etag}, "")
	case request.Method == http.MethodPost && query.Has("uploads"):
		w.next++
		id := fmt.Sprintf("upload%d", w.next)
		w.bodies[id] = []byte(key)
		return reply(200, nil, "<InitiateMultipartUploadResult><UploadId>"+id+"</UploadId></InitiateMultipartUploadResult>")
	case request.Method == http.MethodPost && query.Has("uploadId"):
		id, size := query.Get("uploadId"), int64(0)
		for part, content := range w.bodies {
			if strings.HasPrefix(part, id+"/") {
				size += int64(len(content))
				delete(w.bodies, part)
			}
		}
		delete(w.bodies, id)
		v := w.commit(bucket, key, "", size, `"parts-2"`)
		return reply(200, map[string]string{"X-Amz-Version-Id": v.id},
			"<CompleteMultipartUploadResult><ETag>"+v.etag+"</ETag></CompleteMultipartUploadResult>")
	case request.Method == http.MethodDelete && query.Has("uploadId"):
		for part := range w.bodies {
			if strings.HasPrefix(part, query.Get("uploadId")) {
				delete(w.bodies, part)
			}
		}
		return reply(204, nil, "")
	case request.Method == http.MethodDelete:
		if v := w.find(bucket, key, query.Get("versionId")); v != nil {
			v.deleted = time.Now()
		}
		return reply(204, nil, "")
	case request.Method == http.MethodGet && query.Has("versions"):
		return w.list(bucket, query.Get("prefix"))
	case request.Method == http.MethodGet && query.Has("versioning"):
		return reply(200, nil, "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
	case request.Method == http.MethodGet && query.Has("replication") && w.rules != nil:
		return reply(w.rules(bucket))
	case request.Method == http.MethodGet && query.Has("replication"):
		return reply(200, nil, "<ReplicationConfiguration><Role>r</Role><Rule><Status>Enabled</Status><Destination><Bucket>arn:aws:s3:::"+
			other(bucket)+"</Bucket></Destination></Rule></ReplicationConfiguration>")
	case request.Method == http.MethodGet && query.Has("uploads"):
		text := ""
		for id, key := range w.bodies {
			if !strings.Contains(id, "/") && strings.HasPrefix(string(key), query.Get("prefix")) {
				text += "<Upload><Key>" + string(key) + "</Key><UploadId>" + id + "</UploadId></Upload>"
			}
		}
		return reply(200, nil, "<ListMultipartUploadsResult>"+text+"</ListMultipartUploadsResult>")
	}
	return refusal(501, "NotImplemented")
}
