package sandbox_test

import (
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

func TestRoleWithoutARightFailsTheObjectForGood(t *testing.T) {
	for missing, reason := range map[string]string{
		"s3:GetReplicationConfiguration":     "SrcBucketReplicationConfigMissing",
		"s3:GetObjectVersionForReplication":  "SrcGetObjectNotPermitted",
		"s3:GetObjectVersionAcl":             "SrcGetAclNotPermitted",
		"s3:ReplicateObject":                 "DstPutObjectNotPermitted",
		"s3:ListBucket on a marker":          "SrcHeadObjectNotPermitted",
		"s3:ReplicateDelete on a marker":     "DstDelObjNotPermitted",
		"sts:AssumeRole, for want of a role": "AssumeRoleNotPermitted",
	} {
		t.Run(missing, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.bucket("side-a", ireland)
				w.bucket("side-b", singapore)
				action, marker := strings.CutSuffix(missing, " on a marker")
				role := "arn:aws:iam::000000000000:role/nobody"
				if !strings.HasPrefix(missing, "sts:") {
					role = w.role("short", slices.DeleteFunc(slices.Clone(allActions), func(a string) bool { return a == action })...)
				}
				if err := w.replicate("side-a", ireland, role, rule("side-b")); err != nil {
					t.Fatal(err)
				}
				var version string
				if marker {
					out, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("k")})
					version = *must(t, out, err).VersionId
				} else {
					version = *w.put("side-a", ireland, "k", "x").VersionId
				}
				pass(time.Minute)
				w.failedBecause(version, reason)
				if !marker {
					if got := w.status("side-a", ireland, "k"); got != "FAILED" {
						t.Errorf("origin reads %q, want FAILED", got)
					}
				}
				if len(w.deliveries) != 0 {
					t.Errorf("delivered %v", w.deliveries)
				}
				if strings.HasPrefix(missing, "sts:") || marker {
					return
				}
				w.grant("short", allActions...)
				pass(time.Hour)
				if got := w.status("side-a", ireland, "k"); got != "FAILED" {
					t.Errorf("with the role mended the origin reads %q, want FAILED still", got)
				}
				w.put("side-a", ireland, "fresh", "x")
				pass(time.Minute)
				if got := w.status("side-a", ireland, "fresh"); got != "COMPLETED" {
					t.Errorf("a fresh key reads %q, want COMPLETED", got)
				}
			})
		})
	}
}

func TestTagsNeedTheRightToReadThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
		w.bucket("side-a", ireland)
		w.bucket("side-b", singapore)
		role := w.role("no-tags", slices.DeleteFunc(slices.Clone(allActions), func(a string) bool { return a == "s3:GetObjectVersionTagging" })...)
		if err := w.replicate("side-a", ireland, role, rule("side-b")); err != nil {
			t.Fatal(err)
		}
		_, err := w.s3(ireland).PutObject(t.Context(), &s3.PutObjectInput{
			Bucket: aws.String("side-a"), Key: aws.String("k"), Tagging: aws.String("colour=red"),
		})
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if replica := w.headNow("side-b", singapore); replica.TagCount != nil {
			t.Errorf("replica has %d tags, want none", *replica.TagCount)
		}
	})
}

func TestReplicationWithdrawnMeanwhileFails(t *testing.T) {
	for name, withdraw := range map[string]struct {
		do     func(*world) error
		reason string
	}{
		"configuration removed": {func(w *world) error {
			_, err := w.s3(ireland).DeleteBucketReplication(w.Context(), &s3.DeleteBucketReplicationInput{Bucket: aws.String("side-a")})
			return err
		}, "SrcBucketReplicationConfigMissing"},
		"destination suspended": {func(w *world) error {
			return w.versioning("side-b", singapore, types.BucketVersioningStatusSuspended)
		}, "DstBucketUnversioned"},
		"destination deleted": {func(w *world) error {
			_, err := w.s3(singapore).DeleteBucket(w.Context(), &s3.DeleteBucketInput{Bucket: aws.String("side-b")})
			return err
		}, "DstBucketNotFound"},
		"bucket policy denies": {func(w *world) error {
			_, err := w.s3(singapore).PutBucketPolicy(w.Context(), &s3.PutBucketPolicyInput{
				Bucket: aws.String("side-b"),
				Policy: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:ReplicateObject","Resource":"arn:aws:s3:::side-b/*"}]}`),
			})
			return err
		}, "DstPutObjectNotPermitted"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
				w.bucket("side-a", ireland)
				w.bucket("side-b", singapore)
				if err := w.replicate("side-a", ireland, w.role("r", allActions...), rule("side-b")); err != nil {
					t.Fatal(err)
				}
				put := w.put("side-a", ireland, "k", "x")
				if err := withdraw.do(w); err != nil {
					t.Fatal(err)
				}
				pass(time.Minute)
				w.failedBecause(*put.VersionId, withdraw.reason)
			})
		})
	}
}
