package objects

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/xml"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/checksum"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// The bounds of an annotation in bytes (S3 User Guide, Annotation limits).
const (
	longestAnnotationName = 512
	mostAnnotation        = 1 << 20
)

// annotationName reads the name that a request is about, and holds it to S3's
// naming rules (S3 User Guide, Annotation naming rules).
func annotationName(c *request.Call) (string, error) {
	name := c.Query.Get("annotationName")
	lower := strings.ToLower(name)
	switch {
	case len(name) > longestAnnotationName:
		return "", refusal.New(http.StatusBadRequest, "AnnotationNameTooLong", "The annotation name is longer than 512 bytes.")
	case name == "", !allowedInAnnotation(name), strings.HasPrefix(lower, "aws"), strings.HasPrefix(lower, "s3"):
		return "", refusal.New(http.StatusBadRequest, "InvalidAnnotationName",
			"The annotation name is not valid: it has letters, digits, underscores, periods and hyphens, and does not start with aws or s3.",
			refusal.With("AnnotationName", name))
	}
	return name, nil
}

func allowedInAnnotation(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return !unicode.IsLetter(r) && !strings.ContainsRune("0123456789_.-", r)
	})
}

func noSuchAnnotation(name string) *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchAnnotation", "The specified annotation does not exist.", refusal.With("AnnotationName", name))
}

// checkAnnotated holds the object to x-amz-object-if-match.
func checkAnnotated(c *request.Call) func(*store.Version) error {
	return func(v *store.Version) error {
		if match := c.R.Header.Get("X-Amz-Object-If-Match"); match != "" && !request.Matches(match, v.ETag) {
			return request.PreconditionFailed("x-amz-object-if-match")
		}
		return nil
	}
}

func putAnnotation(c *request.Call) error {
	name, err := annotationName(c)
	if err != nil {
		return err
	}
	v, err := findKept(c)
	switch {
	case err != nil:
		return err
	case v.Encryption.CustomerKeyMD5 != "":
		return request.InvalidRequest("Objects that are encrypted with a key that the customer provides cannot have annotations.")
	}
	a, err := receiveAnnotation(c, name)
	if err != nil {
		return err
	}
	matches := checkAnnotated(c)
	v, err = c.Bucket.Annotate(c.Key, v.ID, a, func(v *store.Version) error {
		if _, there := v.Annotation(name); !there && len(v.Annotations) >= store.MostAnnotations {
			return refusal.New(http.StatusBadRequest, "AnnotationLimitExceeded", "The object has 1,000 annotations, and cannot have more.")
		}
		return matches(v)
	}, c.Backend.Engine.AnnotationDecider(c.Bucket))
	if err != nil {
		return err
	}
	c.Backend.Engine.Annotated(c.Bucket, v, name)
	tellAnnotated(c, v)
	c.W.Header().Set("Etag", request.Quoted(a.ETag))
	checksum.Set(c.W.Header(), a.Checksum)
	return c.Document(struct {
		XMLName        xml.Name     `xml:"http://s3.amazonaws.com/doc/2006-03-01/ PutObjectAnnotationResult"`
		Key            request.Text `xml:"Key"`
		AnnotationName request.Text `xml:"AnnotationName"`
	}{Key: request.Text(c.Key), AnnotationName: request.Text(name)})
}

// receiveAnnotation reads the payload, which is a text.
func receiveAnnotation(c *request.Call, name string) (a store.Annotation, err error) {
	if err := checksum.CheckPromise(c); err != nil {
		return a, err
	}
	tooLarge := refusal.New(http.StatusBadRequest, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size",
		refusal.With("MaxSizeAllowed", strconv.Itoa(mostAnnotation)))
	if c.Caller.Length > mostAnnotation {
		return a, tooLarge
	}
	got, err := checksum.Receive(c, "CRC64NVME", false)
	if err != nil {
		return a, err
	}
	defer got.Body.Release()
	var payload bytes.Buffer
	switch size := got.Body.Size(); {
	case size > mostAnnotation:
		return a, tooLarge
	case size == 0:
		return a, request.InvalidRequest("The annotation payload must not be empty.")
	default:
		if err := got.Body.WriteRange(&payload, 0, size); err != nil {
			return a, err
		}
	}
	if !utf8.Valid(payload.Bytes()) {
		return a, refusal.New(http.StatusUnsupportedMediaType, "UnsupportedMediaType", "The annotation payload is not valid UTF-8.")
	}
	return store.Annotation{
		Name: name, Payload: payload.Bytes(), ETag: checksum.Hex(got.MD5), Modified: time.Now(), Checksum: got.Checksum,
	}, nil
}

// tellAnnotated sends which version annotations are of, and how they are
// encrypted: as it is.
func tellAnnotated(c *request.Call, v *store.Version) {
	if c.Bucket.Versioning() != store.NeverSet {
		c.Set("X-Amz-Object-Version-Id", v.ID)
	}
	c.Set(sseHeader, v.Encryption.Algorithm)
}

func getAnnotation(c *request.Call) error {
	name, err := annotationName(c)
	if err != nil {
		return err
	}
	v, err := findKept(c)
	if err != nil {
		return err
	}
	a, found := v.Annotation(name)
	if !found {
		return noSuchAnnotation(name)
	}
	if err := mayDecrypt(c, c.Bucket, v.Key, v.Encryption); err != nil {
		return err
	}
	tellAnnotated(c, v)
	c.W.Header().Set("Etag", request.Quoted(a.ETag))
	c.W.Header().Set("Last-Modified", request.HTTPDate(a.Modified))
	c.Set("X-Amz-Replication-Status", string(a.Status()))
	if strings.EqualFold(c.R.Header.Get("X-Amz-Checksum-Mode"), "ENABLED") {
		checksum.Set(c.W.Header(), a.Checksum)
	}
	return c.Bytes("binary/octet-stream", a.Payload)
}

// deleteAnnotation removes an annotation for good. That it is not there is no
// error, as the API names none for that.
func deleteAnnotation(c *request.Call) error {
	name, err := annotationName(c)
	if err != nil {
		return err
	}
	v, err := findKept(c)
	if err != nil {
		return err
	}
	bypass, matches := bypassesGovernance(c, c.Key), checkAnnotated(c)
	v, err = c.Bucket.Unannotate(c.Key, v.ID, name, func(v *store.Version) error {
		if err := matches(v); err != nil {
			return err
		}
		return checkUnlocked(v, bypass)
	})
	if err != nil {
		return err
	}
	if c.Bucket.Versioning() != store.NeverSet {
		c.Set("X-Amz-Object-Version-Id", v.ID)
	}
	return c.Empty(http.StatusNoContent)
}

func listAnnotations(c *request.Call) error {
	v, err := findKept(c)
	if err != nil {
		return err
	}
	prefix, token := c.Query.Get("annotation-prefix"), c.Query.Get("continuation-token")
	if len(prefix) > longestAnnotationName || !allowedInAnnotation(prefix) {
		return refusal.New(http.StatusBadRequest, "InvalidPrefix", "The annotation prefix is not valid.")
	}
	after, err := base64.URLEncoding.DecodeString(token)
	if err != nil {
		return request.InvalidArgument("The continuation token provided is incorrect", "continuation-token", token)
	}
	limit := store.MostAnnotations
	if text := c.Query.Get("max-annotation-results"); text != "" {
		n, err := request.Within("max-annotation-results", text, 0, request.Largest)
		if err != nil {
			return err
		}
		limit = min(limit, n)
	}
	all := slices.DeleteFunc(slices.Clone(v.Annotations), func(a store.Annotation) bool {
		return !strings.HasPrefix(a.Name, prefix) || token != "" && a.Name <= string(after)
	})
	listed := all[:min(limit, len(all))]
	tellAnnotated(c, v)
	c.W.Header().Del(sseHeader) // it is about one annotation
	w := xmltree.NewWriter("ListObjectAnnotationsResult", 512*(1+len(listed)))
	w.Leaf("Bucket", c.BucketName)
	w.Leaf("Key", c.Key)
	w.Some("AnnotationPrefix", prefix)
	w.Some("ContinuationToken", token)
	if len(listed) < len(all) && len(listed) > 0 {
		w.Leaf("NextContinuationToken", base64.URLEncoding.EncodeToString([]byte(listed[len(listed)-1].Name)))
	}
	w.Number("MaxAnnotationResults", int64(limit))
	w.Number("AnnotationCount", int64(len(listed)))
	w.Open("Annotations")
	for _, a := range listed {
		w.Open("AnnotationEntry")
		w.Leaf("AnnotationName", a.Name)
		w.Stamp("LastModified", a.Modified)
		w.Number("Size", int64(len(a.Payload)))
		w.Quoted("ETag", a.ETag)
		w.Some("ChecksumAlgorithm", a.Checksum.Algorithm)
		w.Some("ReplicationStatus", string(a.Status()))
		w.Close("AnnotationEntry")
	}
	w.Close("Annotations")
	return c.Bytes("application/xml", w.Document())
}

// copyAnnotations gives a copy the annotations of its source, as it does unless
// the request says EXCLUDE (S3 User Guide, Annotating your objects). The guide
// calls the header otherwise than the model that the SDKs are made of, so both
// names count. Where they are to be replicated to is decided when the copy is
// there.
func copyAnnotations(c *request.Call, draft, v *store.Version) error {
	const modelled, guided = "X-Amz-Object-Annotation-Directive", "X-Amz-Annotation-Directive"
	switch value := cmp.Or(c.R.Header.Get(modelled), c.R.Header.Get(guided)); value {
	case "", "COPY":
	case "EXCLUDE":
		return nil
	default:
		return request.InvalidArgument("Unknown annotation directive.", strings.ToLower(modelled), value)
	}
	if draft.Encryption.CustomerKeyMD5 != "" {
		return nil // such objects have none
	}
	draft.Annotations = slices.Clone(v.Annotations)
	for i := range draft.Annotations {
		a := &draft.Annotations[i]
		a.Modified, a.Replica, a.Targets = time.Now(), false, nil
	}
	return nil
}

// annotated sends the annotations that a new version came with on their way.
func annotated(c *request.Call, v *store.Version) {
	decide := c.Backend.Engine.AnnotationDecider(c.Bucket)
	if decide == nil {
		return
	}
	for _, a := range v.Annotations {
		now, err := c.Bucket.Annotate(v.Key, v.ID, a, nil, decide)
		if err != nil {
			return // deleted for good meanwhile
		}
		c.Backend.Engine.Annotated(c.Bucket, now, a.Name)
	}
}
