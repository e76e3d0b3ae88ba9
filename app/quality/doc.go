// Package quality holds what watches over the work of the organization: early
// warnings of what is out of the ordinary, and reviews of calls.
package quality
