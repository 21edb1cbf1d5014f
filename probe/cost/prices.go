package cost

import "strings"

// pricesAsOf is when the public price lists behind this file were read. AWS
// changes prices; the estimate names the date beside the sum.
const pricesAsOf = "2022 to 2026"

// price is what a region asks for, in US dollars (aws.amazon.com/s3/pricing).
type price struct {
	put float64 // for 1,000 PUT, COPY, POST or LIST requests
	get float64 // for 1,000 GET or HEAD requests
}

// Where a region's own request price is not known, the dearest known one
// stands in: the estimate is then on the safe side.
const (
	dearestPut = 0.007
	dearestGet = 0.00056
	// dearestTransfer stands in only where it is asked how much a run may cost
	// at most: the price of transfer differs too much.
	dearestTransfer = 0.147
)

var putPrices = map[string]float64{
	"us-east-1": 0.005, "ap-northeast-3": 0.0047, "ap-southeast-2": 0.0055, "eu-central-1": 0.0054, "sa-east-1": 0.007,
}

var getPrices = map[string]float64{"us-east-1": 0.0004, "eu-central-1": 0.00043, "sa-east-1": 0.00056}

var transferPrices = map[string]float64{
	"ap-southeast-1": 0.09, "ap-northeast-1": 0.09, "ap-northeast-3": 0.09, "ap-east-1": 0.09,
	"ap-southeast-2": 0.098, "ap-northeast-2": 0.08, "ap-south-1": 0.086,
	"me-south-1": 0.1105, "sa-east-1": 0.138, "af-south-1": 0.147,
}

// nearTransfer are the pairs of regions, from and to, that have another price
// than the rest of what leaves the first.
var nearTransfer = map[[2]string]float64{
	{"us-east-1", "us-east-2"}:      0.01,
	{"us-east-1", "ap-southeast-7"}: 0.08,
}

func priceOf(region string) price {
	found := price{put: dearestPut, get: dearestGet}
	if put, known := putPrices[region]; known {
		found.put = put
	}
	if get, known := getPrices[region]; known {
		found.get = get
	}
	return found
}

// transferPrice is for 1 GiB sent from a region to another one, if it is known.
func transferPrice(from, to string) (dollars float64, known bool) {
	if dollars, known = nearTransfer[[2]string{from, to}]; known {
		return dollars, true
	}
	if dollars, known = transferPrices[from]; known {
		return dollars, true
	}
	return 0.02, flatTransfer(from)
}

// flatTransfer says whether the region is one of those in Europe, the United
// States and Canada that share one price for sending to another region.
func flatTransfer(region string) bool {
	for _, start := range []string{"eu-", "us-east-", "us-west-", "ca-"} {
		if strings.HasPrefix(region, start) {
			return true
		}
	}
	return false
}
