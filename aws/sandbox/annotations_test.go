package sandbox_test

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// annotate puts an annotation on the newest version of k.
func (w *world) annotate(side, name, text string) error {
	w.Helper()
	_, err := w.s3(regionOf(side)).PutObjectAnnotation(w.Context(), &s3.PutObjectAnnotationInput{
		Bucket: &side, Key: aws.String("k"), AnnotationName: &name, AnnotationPayload: strings.NewReader(text),
	})
	return err
}

// annotation is what a side answers: the text and its status.
func (w *world) annotation(side, name string) (string, error) {
	w.Helper()
	got, err := w.s3(regionOf(side)).GetObjectAnnotation(w.Context(), &s3.GetObjectAnnotationInput{
		Bucket: &side, Key: aws.String("k"), AnnotationName: &name, ChecksumMode: types.ChecksumModeEnabled,
	})
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(got.AnnotationPayload)
	return string(text) + " " + string(got.ReplicationStatus), err
}

// annotations lists what a side has, each with its status.
func (w *world) annotations(side string) (listed []string) {
	w.Helper()
	pages := s3.NewListObjectAnnotationsPaginator(w.s3(regionOf(side)), &s3.ListObjectAnnotationsInput{Bucket: &side, Key: aws.String("k"), MaxAnnotationResults: aws.Int32(2)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(w.Context())
		if err != nil {
			w.Fatal(err)
		}
		for _, a := range page.Annotations {
			listed = append(listed, fmt.Sprint(*a.AnnotationName, " ", *a.Size, " ", a.ReplicationStatus))
		}
	}
	return listed
}

// annotated is a pair whose role may read annotations as well.
func (w *world) annotated(actions ...string) {
	w.Helper()
	w.bucket("side-a", ireland)
	w.bucket("side-b", singapore)
	role := w.role("r", append(slices.Clone(allActions), actions...)...)
	for _, err := range []error{w.replicate("side-a", ireland, role, rule("side-b")), w.replicate("side-b", singapore, role, rule("side-a"))} {
		if err != nil {
			w.Fatal(err)
		}
	}
}

const readAnnotations = "s3:GetObjectVersionAnnotationForReplication"

func TestAnnotationsArePutReadListedAndDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.bucket("side-a", ireland)
		first := w.put("side-a", ireland, "k", "content")
		for _, name := range []string{"b", "a.json", "größe-1", "c_c"} {
			if err := w.annotate("side-a", name, "text of "+name); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.annotate("side-a", "b", "another"); err != nil {
			t.Fatal(err)
		}
		if got, want := w.annotations("side-a"), []string{"a.json 14 ", "b 7 ", "c_c 11 ", "größe-1 17 "}; !slices.Equal(got, want) {
			t.Errorf("it lists %q, want %q", got, want)
		}
		if got, err := w.annotation("side-a", "b"); got != "another " || err != nil {
			t.Errorf("it answers %q, %v", got, err)
		}
		if head, err := w.head("side-a", ireland, "k", ""); err != nil || *head.ETag != *first.ETag || *head.VersionId != *first.VersionId {
			t.Errorf("the object has become %+v, %v", head, err)
		}
		for range 2 { // that it is gone already is no error
			if _, err := w.s3(ireland).DeleteObjectAnnotation(t.Context(), &s3.DeleteObjectAnnotationInput{Bucket: new("side-a"), Key: new("k"), AnnotationName: new("b"), ObjectIfMatch: first.ETag}); err != nil {
				t.Error(err)
			}
		}
		if _, err := w.annotation("side-a", "b"); code(err) != "NoSuchAnnotation" {
			t.Errorf("the deleted one answers %v", err)
		}
		// Versions have their own.
		w.put("side-a", ireland, "k", "newer")
		if got := w.annotations("side-a"); len(got) != 0 {
			t.Errorf("a new version has %q", got)
		}
		old, err := w.s3(ireland).ListObjectAnnotations(t.Context(), &s3.ListObjectAnnotationsInput{Bucket: new("side-a"), Key: new("k"), VersionId: first.VersionId, AnnotationPrefix: new("a")})
		if err != nil || len(old.Annotations) != 1 || *old.ObjectVersionId != *first.VersionId {
			t.Errorf("the version before has %+v, %v", old, err)
		}
	})
}

func TestAnnotationsAgainstTheRulesAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.bucket("side-a", ireland)
		w.put("side-a", ireland, "k", "content")
		for _, c := range [][3]string{
			{"aws-mine", "x", "InvalidAnnotationName"},
			{"S3x", "x", "InvalidAnnotationName"},
			{"a b", "x", "InvalidAnnotationName"},
			{"a/b", "x", "InvalidAnnotationName"},
			{strings.Repeat("n", 513), "x", "AnnotationNameTooLong"},
			{"n", "", "InvalidRequest"},
			{"n", "\xff\xfe", "UnsupportedMediaType"},
			{"n", strings.Repeat("x", 1<<20+1), "EntityTooLarge"},
			{strings.Repeat("n", 512), strings.Repeat("x", 1<<20), "<nil>"},
		} {
			if err := w.annotate("side-a", c[0], c[1]); fmt.Sprint(err) != c[2] && code(err) != c[2] {
				t.Errorf("%.20s of %d bytes answers %v, want %s", c[0], len(c[1]), err, c[2])
			}
		}
		_, err := w.s3(ireland).PutObjectAnnotation(t.Context(), &s3.PutObjectAnnotationInput{
			Bucket: new("side-a"), Key: new("k"), AnnotationName: new("n"), AnnotationPayload: strings.NewReader("x"), ObjectIfMatch: new(`"other"`),
		})
		if code(err) != "PreconditionFailed" {
			t.Errorf("with another ETag it answers %v", err)
		}
		for i := range 999 {
			if err := w.annotate("side-a", fmt.Sprint("n", i), "x"); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.annotate("side-a", "more", "x"); code(err) != "AnnotationLimitExceeded" {
			t.Errorf("the 1,001st answers %v", err)
		}
		if err := w.annotate("side-a", "n1", "again"); err != nil {
			t.Error(err)
		}
	})
}

// Each annotation goes its own way with a status of its own, and deletions stay.
func TestAnnotationsReplicateIndependently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.annotated(readAnnotations)
		w.put("side-a", ireland, "k", "content")
		if err := w.annotate("side-a", "early", "1"); err != nil { // before its object is there
			t.Fatal(err)
		}
		pass(time.Minute)
		if err := w.annotate("side-a", "late", "2"); err != nil {
			t.Fatal(err)
		}
		if got, want := w.annotations("side-a"), []string{"early 1 COMPLETED", "late 1 PENDING"}; !slices.Equal(got, want) {
			t.Errorf("the origin has %q, want %q", got, want)
		}
		if got, want := w.annotations("side-b"), []string{"early 1 REPLICA"}; !slices.Equal(got, want) {
			t.Errorf("the replica has %q, want %q", got, want)
		}
		if err := w.annotate("side-a", "early", "changed"); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if got, err := w.annotation("side-b", "early"); got != "changed REPLICA" || err != nil {
			t.Errorf("the replica has %q, %v", got, err)
		}
		if _, err := w.s3(ireland).DeleteObjectAnnotation(t.Context(), &s3.DeleteObjectAnnotationInput{Bucket: new("side-a"), Key: new("k"), AnnotationName: new("late")}); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if got, want := w.annotations("side-b"), []string{"early 7 REPLICA", "late 1 REPLICA"}; !slices.Equal(got, want) {
			t.Errorf("after a deletion the replica has %q, want %q", got, want)
		}
		if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
			t.Errorf("the object reads %q", got)
		}
	})
}

// Without the right, or against a denial at the destination, annotations stay
// behind, and nothing of the object tells.
func TestAnnotationsStayBehindWithoutTheirRight(t *testing.T) {
	const denial = `{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ReplicateObjectAnnotation","Resource":"arn:aws:s3:::side-b/*"}]}`
	for name, c := range map[string]struct {
		actions []string
		policy  string
	}{"no right": {nil, ""}, "denied": {[]string{readAnnotations}, denial}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true})
				w.annotated(c.actions...)
				if c.policy != "" {
					if _, err := w.s3(singapore).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: new("side-b"), Policy: &c.policy}); err != nil {
						t.Fatal(err)
					}
				}
				w.put("side-a", ireland, "k", "content")
				if err := w.annotate("side-a", "n", "x"); err != nil {
					t.Fatal(err)
				}
				pass(time.Hour)
				if got := w.status("side-a", ireland, "k"); got != "COMPLETED" {
					t.Errorf("the object reads %q", got)
				}
				if got, want := w.annotations("side-a"), []string{"n 1 FAILED"}; !slices.Equal(got, want) {
					t.Errorf("the origin has %q, want %q", got, want)
				}
				if got := w.annotations("side-b"); len(got) != 0 {
					t.Errorf("the replica has %q", got)
				}
			})
		})
	}
}

func TestCopiesHaveTheAnnotationsOfTheirSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true})
		w.annotated(readAnnotations)
		w.put("side-a", ireland, "source", "content")
		if _, err := w.s3(ireland).PutObjectAnnotation(t.Context(), &s3.PutObjectAnnotationInput{Bucket: new("side-a"), Key: new("source"), AnnotationName: new("n"), AnnotationPayload: strings.NewReader("x")}); err != nil {
			t.Fatal(err)
		}
		for directive, want := range map[types.AnnotationDirective][]string{"": {"n 1 REPLICA"}, types.AnnotationDirectiveExclude: nil} {
			if _, err := w.s3(ireland).CopyObject(t.Context(), &s3.CopyObjectInput{Bucket: new("side-a"), Key: new("k"), CopySource: new("side-a/source"), AnnotationDirective: directive}); err != nil {
				t.Fatal(err)
			}
			pass(time.Hour)
			if got := w.annotations("side-b"); !slices.Equal(got, want) {
				t.Errorf("with %q the replica of the copy has %q, want %q", directive, got, want)
			}
		}
	})
}

// A restart loses no annotation, and those on their way go on.
func TestAnnotationsOutlastARestart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := sandbox.Options{NoDistance: true, State: t.TempDir(), Delay: fixed}
		w := newWorld(t, o)
		w.annotated(readAnnotations)
		w.put("side-a", ireland, "k", "content")
		for _, name := range []string{"gone", "kept"} {
			if err := w.annotate("side-a", name, "x"); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Minute)
		if _, err := w.s3(ireland).DeleteObjectAnnotation(t.Context(), &s3.DeleteObjectAnnotationInput{Bucket: new("side-a"), Key: new("k"), AnnotationName: new("gone")}); err != nil {
			t.Fatal(err)
		}
		w.tag("side-a", ireland, "colour", "red") // writes the version down again
		if err := w.annotate("side-a", "late", "y"); err != nil {
			t.Fatal(err)
		}
		if err := w.sandbox.Close(); err != nil {
			t.Fatal(err)
		}
		w = newWorld(t, o)
		if got, want := w.annotations("side-a"), []string{"kept 1 COMPLETED", "late 1 PENDING"}; !slices.Equal(got, want) {
			t.Errorf("after a restart the origin has %q, want %q", got, want)
		}
		pass(time.Minute)
		if got, want := w.annotations("side-b"), []string{"gone 1 REPLICA", "kept 1 REPLICA", "late 1 REPLICA"}; !slices.Equal(got, want) {
			t.Errorf("the replica has %q, want %q", got, want)
		}
	})
}
