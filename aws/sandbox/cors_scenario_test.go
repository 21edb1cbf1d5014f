package sandbox_test

import "testing"

func TestBrowsersOfOtherSitesAreAnsweredAsInS3(t *testing.T) {
	const rules = "<CORSConfiguration>" +
		"<CORSRule><AllowedMethod>GET</AllowedMethod><AllowedMethod>HEAD</AllowedMethod><AllowedOrigin>start*end</AllowedOrigin>" +
		"<AllowedHeader>x-amz-*</AllowedHeader><ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule>" +
		"<CORSRule><AllowedMethod>PUT</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>"
	const told = "Access-Control-Allow-Origin: START-END\nAccess-Control-Allow-Methods: GET, HEAD\nAccess-Control-Allow-Credentials: true\n" +
		"Access-Control-Expose-Headers: ETag\nAccess-Control-Max-Age: 60"
	preflight := func(origin, method, headers string) string {
		return "Origin: " + origin + "\nAccess-Control-Request-Method: " + method + "\nAccess-Control-Request-Headers: " + headers
	}
	play(t, []step{
		{do: "PUT /plain/k", body: "x", status: 200},
		{do: "OPTIONS /plain/k", unsigned: true, header: preflight("a", "GET", ""), status: 403, code: "AccessForbidden", says: "CORS is not enabled for this bucket."},
		{do: "PUT /plain?cors", body: "<CORSConfiguration><CORSRule><AllowedMethod>PATCH</AllowedMethod><AllowedOrigin>*</AllowedOrigin></CORSRule></CORSConfiguration>", status: 400, code: "InvalidRequest"},
		{do: "PUT /plain?cors", body: rules, status: 200},
		{do: "OPTIONS /plain/k", unsigned: true, status: 400, code: "BadRequest"},
		{do: "OPTIONS /plain/k", unsigned: true, header: "Origin: a", status: 400, code: "BadRequest", says: "Invalid Access-Control-Request-Method: null"},
		{do: "OPTIONS /plain/k", unsigned: true, header: preflight("START-END", "GET", "X-Amz-Date, x-amz-meta-a"), status: 200, have: told + "\nAccess-Control-Allow-Headers: x-amz-date, x-amz-meta-a"},
		{do: "OPTIONS /plain/k?X-Amz-Signature=x&X-Amz-Expires=60", unsigned: true, header: preflight("START-END", "GET", ""), status: 200, have: told},
		{do: "OPTIONS /plain/k", unsigned: true, header: preflight("start", "GET", ""), status: 403, code: "AccessForbidden", says: "<ResourceType>OBJECT</ResourceType>"},
		{do: "OPTIONS /plain", unsigned: true, header: preflight("start-end", "DELETE", ""), status: 403, code: "AccessForbidden", says: "<ResourceType>BUCKET</ResourceType>"},
		{do: "OPTIONS /plain", unsigned: true, header: preflight("start-end", "GET", "authorization"), status: 403, code: "AccessForbidden"},
		{do: "OPTIONS /nowhere", unsigned: true, header: preflight("a", "GET", ""), status: 403, code: "AccessForbidden"},
		{do: "OPTIONS /plain/k", unsigned: true, header: preflight("any", "PUT", ""), status: 200, have: "Access-Control-Allow-Origin: *\n-Access-Control-Allow-Credentials"},
		{do: "GET /plain/k", header: "Origin: START-END", status: 200, says: "x", have: told},
		{do: "GET /plain/k", header: "Origin: other", status: 200, have: "-Access-Control-Allow-Origin"},
		{do: "GET /plain/k", unsigned: true, header: "Origin: START-END", status: 403, code: "AccessDenied", have: told},
	})
}
