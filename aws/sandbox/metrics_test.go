package sandbox_test

import (
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/sandbox"
)

// monitoring sends one request to CloudWatch.
func (w *world) monitoring(region, path, body string, header map[string]string) rawAnswer {
	w.Helper()
	id, secret := w.sandbox.Credentials()
	return w.monitoringAs(id, secret, region, path, body, header)
}

func (w *world) monitoringAs(id, secret, region, path, body string, header map[string]string) rawAnswer {
	w.Helper()
	request, err := http.NewRequestWithContext(w.Context(), http.MethodPost, "http://127.0.0.1:9000"+path, strings.NewReader(body))
	must(w, 0, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range header {
		request.Header.Set(name, value)
	}
	must(w, 0, v4.NewSigner().SignHTTP(w.Context(), aws.Credentials{AccessKeyID: id, SecretAccessKey: secret}, request,
		sumOf(body), "monitoring", region, time.Now()))
	return w.send(request)
}

// values asks for a metric's values of each minute from an instant on.
func (w *world) values(region, metric, stat string, from time.Time) string {
	w.Helper()
	answer := w.monitoring(region, "/", `{"StartTime":`+fmt.Sprint(from.Unix())+`,"EndTime":`+fmt.Sprint(time.Now().Unix())+`,"ScanBy":"TimestampAscending",
		"MetricDataQueries":[{"Id":"m","MetricStat":{"Period":60,"Stat":"`+stat+`","Metric":{"Namespace":"AWS/S3","MetricName":"`+metric+`","Dimensions":[
		{"Name":"SourceBucket","Value":"side-a"},{"Name":"DestinationBucket","Value":"side-b"},{"Name":"RuleId","Value":"to-side-b"}]}}}]}`,
		map[string]string{"X-Amz-Target": "GraniteServiceVersion20100801.GetMetricData", "Content-Type": "application/x-amz-json-1.0"})
	if answer.status != http.StatusOK {
		w.Fatal(answer.body)
	}
	_, after, _ := strings.Cut(answer.body, `"Values":[`)
	values, _, _ := strings.Cut(after, "]")
	return values
}

func metered(t *testing.T) *world {
	w := newWorld(t, sandbox.Options{NoDistance: true, Delay: fixed})
	w.bucket("side-a", ireland)
	w.bucket("side-b", singapore)
	r := rule("side-b")
	r.Destination.Metrics = &types.Metrics{Status: types.MetricsStatusEnabled}
	must(t, 0, w.replicate("side-a", ireland, w.role("r", allActions...), r))
	return w
}

func TestMetricsOfARuleFollowItsBacklog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := metered(t)
		start := time.Now().Truncate(time.Minute)
		pass(time.Until(start.Add(time.Minute)))
		start = time.Now()
		restore := w.sandbox.CutDirection(ireland, singapore)
		w.put("side-a", ireland, "one", "12345")
		erased := w.put("side-a", ireland, "two", "1234567890")
		pass(90 * time.Second)
		_, err := w.s3(ireland).DeleteObject(t.Context(), &s3.DeleteObjectInput{Bucket: aws.String("side-a"), Key: aws.String("two"), VersionId: erased.VersionId})
		must(t, 0, err)
		pass(30 * time.Second)
		restore()
		pass(time.Minute)
		must(t, 0, w.versioning("side-b", singapore, types.BucketVersioningStatusSuspended))
		w.put("side-a", ireland, "failing", "x")
		pass(2 * time.Minute)
		for _, row := range [][4]string{
			{singapore, "OperationsPendingReplication", "Maximum", "2,2,2,1,0"},
			{singapore, "BytesPendingReplication", "Maximum", "15,15,15,1,0"},
			{ireland, "OperationsFailedReplication", "Sum", "0,0,0,1"}, // nothing was replicated in the last minute
			{singapore, "OperationsFailedReplication", "Sum", ""},      // it is in the source's region
			{ireland, "BytesPendingReplication", "Maximum", ""},
		} {
			if got := w.values(row[0], row[1], row[2], start); got != row[3] {
				t.Errorf("%s in %s is %s, want %s", row[1], row[0], got, row[3])
			}
		}
		if got := w.values(singapore, "ReplicationLatency", "Maximum", start); !strings.HasPrefix(got, "60,120,12") || !strings.HasSuffix(got, ",0") {
			t.Errorf("latency is %s", got)
		}
	})
}

func TestMetricsAreReadInEveryProtocol(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := metered(t)
		w.put("side-a", ireland, "k", "12345")
		pass(time.Minute)
		query := url.Values{
			"Action": {"GetMetricStatistics"}, "Version": {"2010-08-01"}, "Namespace": {"AWS/S3"}, "MetricName": {"BytesPendingReplication"}, "Period": {"300"},
			"StartTime": {time.Now().Add(-time.Hour).Format(time.RFC3339)}, "EndTime": {time.Now().Format(time.RFC3339)}, "Statistics.member.1": {"Maximum"},
		}
		for i, d := range [][2]string{{"RuleId", "to-side-b"}, {"SourceBucket", "side-a"}, {"DestinationBucket", "side-b"}} {
			query.Set(fmt.Sprintf("Dimensions.member.%d.Name", i+1), d[0])
			query.Set(fmt.Sprintf("Dimensions.member.%d.Value", i+1), d[1])
		}
		wrong := url.Values{"Action": {"GetMetricStatistics"}, "StartTime": query["StartTime"], "EndTime": query["EndTime"], "Period": {"30"}}
		json10 := func(name string) map[string]string {
			return map[string]string{"X-Amz-Target": "GraniteServiceVersion20100801." + name, "Content-Type": "application/x-amz-json-1.0"}
		}
		cbor := map[string]string{"Smithy-Protocol": "rpc-v2-cbor", "Content-Type": "application/cbor"}
		const operation = "/service/GraniteServiceVersion20100801/operation/"
		for name, row := range map[string]struct {
			path, body string
			header     map[string]string
			status     int
			says       string
		}{
			"Query":                 {"/", query.Encode(), nil, 200, "<Maximum>5</Maximum><Unit>Bytes</Unit></member></Datapoints></GetMetricStatisticsResult>"},
			"Query, a list":         {"/", "Action=ListMetrics&Dimensions.member.1.Name=RuleId", nil, 200, "<MetricName>ReplicationLatency</MetricName>"},
			"Query, no operation":   {"/", "Action=PutMetricData", nil, 400, "<Code>InvalidAction</Code>"},
			"Query, a wrong period": {"/", wrong.Encode(), nil, 400, "<Type>Sender</Type><Code>InvalidParameterValue</Code>"},
			"JSON":                  {"/", `{"MetricName":"ReplicationLatency"}`, json10("ListMetrics"), 200, `{"Metrics":[{"Namespace":"AWS/S3","MetricName":"ReplicationLatency"`},
			"JSON of nothing":       {"/", `{"MetricName":"Other"}`, json10("ListMetrics"), 200, `{"Metrics":[]}`},
			"JSON that is none":     {"/", `{`, json10("ListMetrics"), 400, "SerializationException"},
			"JSON without queries":  {"/", `{}`, json10("GetMetricData"), 400, `"__type":"com.amazonaws.cloudwatch#MissingRequiredParameterException"`},
			"CBOR":                  {operation + "ListMetrics", unhex(t, "bf6a4d65747269634e616d65725265706c69636174696f6e4c6174656e6379ff"), cbor, 200, "\xa1gMetrics\x81\xa3iNamespacefAWS/S3jMetricNamerReplicationLatency"},
			"CBOR that is none":     {operation + "ListMetrics", "\xff", cbor, 400, "SerializationException"},
		} {
			answer := w.monitoring(singapore, row.path, row.body, row.header)
			if answer.status != row.status || !strings.Contains(answer.body, row.says) {
				t.Errorf("%s: %d %q", name, answer.status, answer.body)
			}
			if answer.header.Get("Smithy-Protocol") != row.header["Smithy-Protocol"] {
				t.Errorf("%s is answered in %s", name, answer.header.Get("Content-Type"))
			}
		}
	})
}

func TestMetricsAreForThoseWhoMay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := metered(t)
		w.put("side-a", ireland, "k", "x")
		must(t, 0, w.sandbox.Directory().AddUser("narrow", "AKIANARROW", "secret", `{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}`))
		must(t, 0, w.sandbox.AddAccount(sandbox.Account{ID: partner, Users: []sandbox.User{
			{Name: "owner", AccessKeyID: "AKIAPARTNER", SecretAccessKey: "secret", Administrator: true},
		}}))
		list := func(key, secret string) rawAnswer {
			return w.monitoringAs(key, secret, singapore, "/", "Action=ListMetrics", nil)
		}
		if answer := list("AKIANARROW", "secret"); answer.status != 403 || !strings.Contains(answer.body, "cloudwatch:ListMetrics") {
			t.Errorf("without the right: %d %s", answer.status, answer.body)
		}
		if answer := list("AKIAPARTNER", "secret"); answer.status != 200 || strings.Contains(answer.body, "side-a") {
			t.Errorf("another account sees %s", answer.body)
		}
		if answer := list("AKIANARROW", "wrong"); answer.status != 403 || !strings.Contains(answer.body, "<ErrorResponse") {
			t.Errorf("a wrong secret: %d %s", answer.status, answer.body)
		}
		w.inject(sandbox.Fault{Kind: "slowdown", Service: "monitoring", Operation: "ListMetrics", Requests: 1})
		if answer := list("AKIAPARTNER", "secret"); answer.status != 400 || !strings.Contains(answer.body, "<Code>Throttling</Code>") {
			t.Errorf("throttled: %d %s", answer.status, answer.body)
		}
	})
}

func unhex(t *testing.T, text string) string {
	t.Helper()
	raw, err := hex.DecodeString(text)
	must(t, 0, err)
	return string(raw)
}
