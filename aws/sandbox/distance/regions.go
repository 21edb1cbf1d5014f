// Package distance knows where AWS regions lie and derives from that how long
// a round trip to them and a replication between them take. The numbers are
// simulated: plausible, stated rules, no measurement of AWS.
package distance

import (
	"maps"
	"math"
	"slices"
)

// place is a point on the globe in degrees.
type place struct{ lat, lon float64 }

// places holds roughly where each region is: the city or area that AWS names
// it after.
var places = map[string]place{
	"af-south-1":     {-33.92, 18.42},
	"ap-east-1":      {22.32, 114.17},
	"ap-east-2":      {25.03, 121.57},
	"ap-northeast-1": {35.68, 139.69},
	"ap-northeast-2": {37.57, 126.98},
	"ap-northeast-3": {34.69, 135.50},
	"ap-south-1":     {19.08, 72.88},
	"ap-south-2":     {17.39, 78.49},
	"ap-southeast-1": {1.35, 103.82},
	"ap-southeast-2": {-33.87, 151.21},
	"ap-southeast-3": {-6.21, 106.85},
	"ap-southeast-4": {-37.81, 144.96},
	"ap-southeast-5": {3.14, 101.69},
	"ap-southeast-6": {-36.85, 174.76},
	"ap-southeast-7": {13.76, 100.50},
	"ca-central-1":   {45.50, -73.57},
	"ca-west-1":      {51.05, -114.07},
	"eu-central-1":   {50.11, 8.68},
	"eu-central-2":   {47.38, 8.54},
	"eu-north-1":     {59.33, 18.07},
	"eu-south-1":     {45.46, 9.19},
	"eu-south-2":     {41.65, -0.89},
	"eu-west-1":      {53.35, -6.26},
	"eu-west-2":      {51.51, -0.13},
	"eu-west-3":      {48.86, 2.35},
	"il-central-1":   {32.09, 34.78},
	"me-central-1":   {25.20, 55.27},
	"me-south-1":     {26.07, 50.56},
	"mx-central-1":   {20.59, -100.39},
	"sa-east-1":      {-23.55, -46.63},
	"us-east-1":      {38.95, -77.45},
	"us-east-2":      {39.96, -83.00},
	"us-west-1":      {37.35, -121.96},
	"us-west-2":      {45.84, -119.70},

	"cn-north-1":     {39.90, 116.40},
	"cn-northwest-1": {37.50, 105.19},
	"eusc-de-east-1": {52.39, 13.06},
	"us-gov-east-1":  {39.96, -83.00},
	"us-gov-west-1":  {45.84, -119.70},
}

// Known says whether region is one that this package has a place for.
func Known(region string) bool {
	_, found := places[region]
	return found
}

// byDefault are the regions of the partition aws that every account has and
// that none can switch off. They are those from before 20 March 2019, which
// S3's global endpoint serves (AWS General Reference; S3 User Guide, Request
// routing).
var byDefault = []string{
	"ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
	"ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1",
	"us-east-1", "us-east-2", "us-west-1", "us-west-2",
}

// OnByDefault says whether every account has the region; the others have to
// be opted in to.
func OnByDefault(region string) bool { return slices.Contains(byDefault, region) }

// Regions returns the names of all regions, sorted.
func Regions() []string { return slices.Sorted(maps.Keys(places)) }

// Kilometres returns the great-circle distance between two regions; a region
// without a place counts as 9,000 km away from everything else.
func Kilometres(from, to string) float64 {
	a, okA := places[from]
	b, okB := places[to]
	switch {
	case from == to:
		return 0
	case !okA || !okB:
		return 9000
	}
	return kilometres(a, b)
}

func kilometres(a, b place) float64 {
	const earthRadius, degree = 6371, math.Pi / 180
	dLat, dLon := (b.lat-a.lat)*degree, (b.lon-a.lon)*degree
	h := math.Pow(math.Sin(dLat/2), 2) +
		math.Cos(a.lat*degree)*math.Cos(b.lat*degree)*math.Pow(math.Sin(dLon/2), 2)
	return 2 * earthRadius * math.Asin(math.Sqrt(min(1, h)))
}
