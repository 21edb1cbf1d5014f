package sandbox_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// smallDisk is a directory on a disk of its own of two megabytes.
func smallDisk(t *testing.T) string {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=2m"); err != nil {
		t.Skipf("a small disk can't be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fillUp leaves so many bytes of a disk free.
func fillUp(t *testing.T, dir string, free int) (filler string) {
	t.Helper()
	filler = filepath.Join(dir, "filler")
	f, err := os.Create(filler)
	must(t, f, err)
	size := int64(0)
	for err == nil {
		var n int
		n, err = f.Write(make([]byte, 4096))
		size += int64(n)
	}
	must(t, 0, f.Truncate(size-int64(free)))
	must(t, 0, f.Close())
	return filler
}

// Whatever changes something is either kept, or refused and never seen.
func TestNobodySeesWhatAFullDiskDidNotKeep(t *testing.T) {
	disk := smallDisk(t)
	synctest.Test(t, func(t *testing.T) {
		state := filepath.Join(disk, "state")
		var told []string
		w := newWorld(t, sandbox.Options{State: state, NoDistance: true, Delay: fixed, OnRoom: func(why error) {
			told = append(told, fmt.Sprint(why))
		}})
		w.bucket("here", ireland)
		first := *w.put("here", ireland, "k", "first").VersionId
		filler := fillUp(t, disk, 8<<10)

		kept, refused := map[string]string{}, 0
		write := func(key, content string) bool {
			out, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{Bucket: aws.String("here"), Key: &key, Body: strings.NewReader(content)})
			if err != nil {
				refused++
				return false
			}
			kept[key] = *out.VersionId
			return true
		}
		for i := range 40 {
			write(fmt.Sprintf("small-%d", i), strings.Repeat("s", 1000))
		}
		write("k", "second")
		write("large", strings.Repeat("l", 100<<10))
		if refused < 20 || len(told) != 1 || !strings.Contains(told[0], "no space left") {
			t.Fatalf("%d refused, told %q", refused, told)
		}
		changes := map[string]func() error{
			"tags": func() error {
				_, err := w.s3(ireland).PutObjectTagging(t.Context(), &s3.PutObjectTaggingInput{Bucket: aws.String("here"), Key: aws.String("k"), Tagging: &types.Tagging{TagSet: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}}})
				return err
			},
			"a bucket": func() error {
				_, err := w.s3("us-east-1").CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: aws.String("more")})
				return err
			},
			"an upload": func() error {
				_, err := w.s3(ireland).CreateMultipartUpload(t.Context(), &s3.CreateMultipartUploadInput{Bucket: aws.String("here"), Key: aws.String("up")})
				return err
			},
			"a user": func() error {
				_, err := w.iam().CreateUser(t.Context(), &iam.CreateUserInput{UserName: aws.String("u")})
				return err
			},
		}
		for name, change := range changes {
			if err := change(); code(err) != "InternalError" && code(err) != "ServiceFailure" {
				t.Errorf("%s on a full disk: %v", name, err)
			}
		}
		look := func(w *world, when string) {
			t.Helper()
			list, err := w.s3(ireland).ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: aws.String("here")})
			must(t, list, err)
			seen := map[string]bool{}
			for _, v := range list.Versions {
				if seen[*v.Key] = true; *v.VersionId != first && kept[*v.Key] != *v.VersionId {
					t.Errorf("%s: %s was refused and is seen", when, *v.Key)
				}
			}
			for key := range kept {
				if !seen[key] {
					t.Errorf("%s: %s was acknowledged and is gone", when, key)
				}
			}
			if got := w.content("here", ireland, "k"); got != "first" {
				t.Errorf("%s: k is %q", when, got)
			}
			if tags, err := w.head("here", ireland, "k", ""); err != nil || aws.ToInt32(tags.TagCount) != 0 {
				t.Errorf("%s: the tags that were refused are there: %v", when, err)
			}
			buckets, err := w.s3(ireland).ListBuckets(t.Context(), &s3.ListBucketsInput{})
			if must(t, buckets, err); len(buckets.Buckets) != 1 {
				t.Errorf("%s: %d buckets", when, len(buckets.Buckets))
			}
			users, err := w.iam().ListUsers(t.Context(), &iam.ListUsersInput{})
			if must(t, users, err); len(users.Users) != 1 {
				t.Errorf("%s: %d users", when, len(users.Users))
			}
		}
		look(w, "while the disk is full")
		for key, id := range kept { // what makes room may go on
			_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("here"), Key: &key, VersionId: &id})
			must(t, 0, err)
			delete(kept, key)
			break
		}
		look(w, "after a deletion")
		must(t, 0, os.Remove(filler))
		pass(2 * time.Second)
		if !write("after", strings.Repeat("x", 1000)) || len(told) != 2 || told[1] != "<nil>" {
			t.Errorf("with room again: told %q", told)
		}
		look(w, "with room again")
		for i := range 50 {
			write(fmt.Sprintf("body-%d", i), strings.Repeat("b", 60<<10)) // in files
		}
		if len(told) != 3 {
			t.Errorf("told %q", told)
		}
		look(w, "full of bodies")
		w.shut()
		look(again(t, state), "started again")
	})
}
