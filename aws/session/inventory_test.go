package session_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/audit/difference"
	"bothways/aws/audit/inventory"
	"bothways/aws/pair"
	"bothways/aws/session"
)

// An audit by inventories goes the same way as every other: what differs in the
// lists is looked at again, and told with its cause.
func TestAnAuditByInventoriesTellsCausesToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.setUp(w.process())
		options := session.AuditOptions{Inventory: true}
		if _, err := w.process().Audit(t.Context(), w.access, testPair, options, func(pair.Event) {}); err == nil || !strings.Contains(err.Error(), "has no inventory") {
			t.Errorf("without an inventory: %v", err)
		}
		if _, err := w.process().Script(t.Context(), w.access, testPair, time.Time{}); err == nil || !strings.Contains(err.Error(), "has no inventory") {
			t.Errorf("a script without an inventory: %v", err)
		}
		for _, side := range pair.Sides() {
			in := testPair.Side(side)
			clients, err := w.access.Open(t.Context(), in.Region)
			if err != nil {
				t.Fatal(err)
			}
			lists := in.Bucket + "-lists"
			calls := []func() (any, error){
				func() (any, error) {
					return clients.S3.CreateBucket(t.Context(), &s3.CreateBucketInput{Bucket: &lists, CreateBucketConfiguration: &types.CreateBucketConfiguration{
						LocationConstraint: types.BucketLocationConstraint(in.Region),
					}})
				},
				func() (any, error) {
					return clients.S3.PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: &lists, Policy: aws.String(
						`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::` + lists + `/*"}]}`)})
				},
				func() (any, error) {
					return clients.S3.PutBucketInventoryConfiguration(t.Context(), &s3.PutBucketInventoryConfigurationInput{
						Bucket: &in.Bucket, Id: aws.String("audit"), InventoryConfiguration: &types.InventoryConfiguration{
							Id: aws.String("audit"), IsEnabled: aws.Bool(true), IncludedObjectVersions: types.InventoryIncludedObjectVersionsAll,
							Schedule: &types.InventorySchedule{Frequency: types.InventoryFrequencyDaily},
							OptionalFields: []types.InventoryOptionalField{
								types.InventoryOptionalFieldSize, types.InventoryOptionalFieldETag, types.InventoryOptionalFieldLastModifiedDate,
							},
							Destination: &types.InventoryDestination{S3BucketDestination: &types.InventoryS3BucketDestination{
								Bucket: aws.String("arn:aws:s3:::" + lists), Format: types.InventoryFormatCsv,
							}},
						},
					})
				},
			}
			for _, call := range calls {
				if _, err := call(); err != nil {
					t.Fatal(err)
				}
			}
			if side == pair.B {
				if _, err := clients.S3.PutObject(t.Context(), &s3.PutObjectInput{Bucket: &in.Bucket, Key: aws.String("k")}); err != nil {
					t.Fatal(err)
				}
			}
		}
		time.Sleep(time.Hour)
		clients, err := w.access.Open(t.Context(), testPair.A.Region)
		if err != nil {
			t.Fatal(err)
		}
		replica, err := clients.S3.HeadObject(t.Context(), &s3.HeadObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String("k")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := clients.S3.DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: &testPair.A.Bucket, Key: aws.String("k"), VersionId: replica.VersionId}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(72 * time.Hour)
		var rows []difference.Difference
		lists := 0
		result, err := w.process().Audit(t.Context(), w.access, testPair, options, func(e pair.Event) {
			switch e := e.(type) {
			case difference.Difference:
				rows = append(rows, e)
			case inventory.Lists:
				lists++
			}
		})
		if err != nil || !result.Complete || len(rows) != 1 || lists != 1 {
			t.Fatalf("%v, complete %t, %d differences, %d times the lists", err, result.Complete, len(rows), lists)
		}
		script, err := w.process().Script(t.Context(), w.access, testPair, time.Time{})
		if err != nil || strings.Count(script, "CREATE EXTERNAL TABLE") != 2 || strings.Count(script, "\nWITH ") != 2 || !strings.Contains(script, "s3://"+testPair.A.Bucket+"-lists/") {
			t.Errorf("%v, and the script is\n%s", err, script)
		}
		if d := rows[0]; d.Key != "k" || d.Verdict != difference.Gone || !d.Asked {
			t.Errorf("it is %+v", d)
		}
	})
}
