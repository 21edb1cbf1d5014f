package probe

import "strings"

// pricesAsOf is when the public price lists behind this file were read. AWS
// changes prices; the estimate names the date beside the sum.
const pricesAsOf = "2022 to 2026"

// price is what a region asks for, in US dollars (aws.amazon.com/s3/pricing).
type price struct {
	put      float64 // for 1,000 PUT, COPY, POST or LIST requests
	get      float64 // for 1,000 GET or HEAD requests
	transfer float64 // for 1 GiB sent to another region; below zero where unknown
}

// Where a region's own request price is not known, the dearest known one
// stands in: the estimate is then on the safe side.
const (
	dearestPut = 0.007
	dearestGet = 0.00056
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

func priceOf(region string) price {
	found := price{put: dearestPut, get: dearestGet, transfer: -1}
	if put, known := putPrices[region]; known {
		found.put = put
	}
	if get, known := getPrices[region]; known {
		found.get = get
	}
	if transfer, known := transferPrices[region]; known {
		found.transfer = transfer
	} else if flatTransfer(region) {
		found.transfer = 0.02
	}
	return found
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
