package sandbox_test

import "testing"

// What modules set up beside a replication is kept and given back.
func TestSettingsWithNothingBehindThemAreKept(t *testing.T) {
	const inventory = "<InventoryConfiguration><Id>all</Id><IsEnabled>true</IsEnabled><IncludedObjectVersions>All</IncludedObjectVersions>" +
		"<Schedule><Frequency>Daily</Frequency></Schedule><Destination><S3BucketDestination><Bucket>arn:aws:s3:::versioned</Bucket><Format>CSV</Format>" +
		"</S3BucketDestination></Destination></InventoryConfiguration>"
	const tiering = "<IntelligentTieringConfiguration><Id>all</Id><Status>Enabled</Status><Tiering><Days>90</Days><AccessTier>ARCHIVE_ACCESS</AccessTier></Tiering>" +
		"<Tiering><Days>180</Days><AccessTier>DEEP_ARCHIVE_ACCESS</AccessTier></Tiering></IntelligentTieringConfiguration>"
	queue := func(event string) string {
		return "<NotificationConfiguration><QueueConfiguration><Queue>arn:aws:sqs:eu-west-1:000000000000:q</Queue><Event>" + event +
			"</Event></QueueConfiguration></NotificationConfiguration>"
	}
	// Two notifications, each of an event with a prefix and a suffix.
	both := func(one, other [3]string) string {
		text := "<NotificationConfiguration>"
		for i, n := range [][3]string{one, other} {
			kind, target := []string{"QueueConfiguration", "TopicConfiguration"}[i], []string{"Queue", "Topic"}[i]
			text += "<" + kind + "><" + target + ">arn:aws:x:eu-west-1:000000000000:q</" + target + "><Event>" + n[0] + "</Event><Filter><S3Key>" +
				"<FilterRule><Name>prefix</Name><Value>" + n[1] + "</Value></FilterRule><FilterRule><Name>Suffix</Name><Value>" + n[2] + "</Value></FilterRule>" +
				"</S3Key></Filter></" + kind + ">"
		}
		return text + "</NotificationConfiguration>"
	}
	const put, all = "s3:ObjectCreated:Put", "s3:ObjectCreated:*"
	for name, steps := range map[string][]step{
		"notifications that overlap": {
			{do: "PUT /plain?notification", body: both([3]string{put, "", ""}, [3]string{put, "", ""}), status: 400, code: "InvalidArgument"},
			{do: "PUT /plain?notification", body: both([3]string{put, "a/", ".jpg"}, [3]string{all, "a/b/", "x.jpg"}), status: 400, code: "InvalidArgument"},
			{do: "PUT /plain?notification", body: both([3]string{put, "a/", ".jpg"}, [3]string{all, "b/", ".jpg"}), status: 200},
			{do: "PUT /plain?notification", body: both([3]string{put, "a/", ".jpg"}, [3]string{put, "a/b", ".png"}), status: 200},
			{do: "PUT /plain?notification", body: both([3]string{put, "a/", ""}, [3]string{"s3:ObjectRemoved:*", "a/", ""}), status: 200},
		},
		"payment": {
			{do: "GET /plain?requestPayment", status: 200, says: "<Payer>BucketOwner</Payer>"},
			{do: "PUT /plain?requestPayment", body: "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>", status: 200},
			{do: "GET /plain?requestPayment", status: 200, says: "<Payer>Requester</Payer>"},
			{do: "PUT /plain?requestPayment", body: "<RequestPaymentConfiguration><Payer>Nobody</Payer></RequestPaymentConfiguration>", status: 400, code: "MalformedXML"},
		},
		"website": {
			{do: "PUT /plain?website", body: "<WebsiteConfiguration><IndexDocument><Suffix>index.html</Suffix></IndexDocument></WebsiteConfiguration>", status: 200},
			{do: "GET /plain?website", status: 200, says: "<Suffix>index.html</Suffix>"},
			{do: "PUT /plain?website", body: "<WebsiteConfiguration><ErrorDocument><Key>e</Key></ErrorDocument></WebsiteConfiguration>", status: 400, code: "InvalidArgument"},
			{do: "DELETE /plain?website", status: 204},
			{do: "GET /plain?website", status: 404, code: "NoSuchWebsiteConfiguration"},
		},
		"notification": {
			{do: "GET /plain?notification", status: 200, says: "-QueueConfiguration"},
			{do: "PUT /plain?notification", body: queue("s3:Replication:*"), status: 200},
			{do: "GET /plain?notification", status: 200, says: "<Id>\n<Event>s3:Replication:*</Event>"},
			{do: "PUT /plain?notification", body: queue("s3:Explosion:*"), status: 400, code: "InvalidArgument"},
			{do: "PUT /plain?notification", body: "<NotificationConfiguration><EventBridgeConfiguration/></NotificationConfiguration>", status: 200},
			{do: "PUT /plain?notification", body: "<NotificationConfiguration/>", status: 200},
			{do: "GET /plain?notification", status: 200, says: "-EventBridgeConfiguration"},
		},
		"logging": {
			{do: "PUT /plain?logging", body: "<BucketLoggingStatus><LoggingEnabled><TargetBucket>versioned</TargetBucket><TargetPrefix>l/</TargetPrefix></LoggingEnabled></BucketLoggingStatus>", status: 200},
			{do: "GET /plain?logging", status: 200, says: "<TargetPrefix>l/</TargetPrefix>"},
			{do: "PUT /plain?logging", body: "<BucketLoggingStatus><LoggingEnabled><TargetBucket>nowhere</TargetBucket><TargetPrefix/></LoggingEnabled></BucketLoggingStatus>", status: 400, code: "InvalidTargetBucketForLogging"},
			{do: "PUT /plain?logging", body: "<BucketLoggingStatus/>", status: 200},
			{do: "GET /plain?logging", status: 200, says: "-LoggingEnabled"},
		},
		"acceleration": {
			{do: "GET /plain?accelerate", status: 200, says: "-Status"},
			{do: "PUT /plain?accelerate", body: "<AccelerateConfiguration><Status>Enabled</Status></AccelerateConfiguration>", status: 200},
			{do: "GET /plain?accelerate", status: 200, says: "<Status>Enabled</Status>"},
		},
		"inventory": {
			{do: "GET /plain?inventory", status: 200, says: "<IsTruncated>false</IsTruncated>"},
			{do: "GET /plain?inventory&id=all", status: 404, code: "NoSuchConfiguration"},
			{do: "PUT /plain?inventory&id=all", body: inventory, status: 200},
			{do: "PUT /plain?inventory&id=other", body: inventory, status: 400, code: "IdMismatch"},
			{do: "GET /plain?inventory&id=all", status: 200, says: "<Frequency>Daily</Frequency>"},
			{do: "GET /plain?inventory", status: 200, says: "<ListInventoryConfigurationsResult\n<InventoryConfiguration><Id>all</Id>"},
			{do: "DELETE /plain?inventory&id=all", status: 204},
			{do: "DELETE /plain?inventory&id=all", status: 404, code: "NoSuchConfiguration"},
		},
		"tiering, metrics and analytics": {
			{do: "PUT /plain?intelligent-tiering&id=all", body: tiering, status: 200},
			{do: "GET /plain?intelligent-tiering&id=all", status: 200, says: "DEEP_ARCHIVE_ACCESS"},
			{do: "PUT /plain?metrics&id=m", body: "<MetricsConfiguration><Id>m</Id></MetricsConfiguration>", status: 200},
			{do: "GET /plain?metrics", status: 200, says: "<Id>m</Id>\n-<Id>all</Id>"},
			{do: "PUT /plain?analytics&id=a", body: "<AnalyticsConfiguration><Id>a</Id></AnalyticsConfiguration>", status: 400, code: "MalformedXML"},
			{do: "PUT /plain?analytics&id=a", body: "<AnalyticsConfiguration><Id>a</Id><StorageClassAnalysis/></AnalyticsConfiguration>", status: 200},
			{do: "GET /plain?analytics", status: 200, says: "<StorageClassAnalysis>"},
			{do: "GET /plain", status: 200, says: "<ListBucketResult"},
		},
	} {
		t.Run(name, func(t *testing.T) { play(t, steps) })
	}
}
