package tenants

import "github.com/uptrace/bun"

// BaseModel names table and alias of a row type; rooms embed it, because the
// query builder itself belongs to this package alone.
type BaseModel = bun.BaseModel

// Query is a SELECT that the door has already bound to one tenant.
type Query = bun.SelectQuery

// Owned is embedded by every row type of a tenant table. The door fills it.
type Owned struct {
	TenantID int64 `bun:"tenant_id,pk"`
}

func (o *Owned) setTenant(id int64) { o.TenantID = id }

// Row is any pointer to a struct that embeds Owned.
type Row interface{ setTenant(id int64) }

// In makes a list argument for `x IN (?)`.
func In[T any](list []T) any { return bun.List(list) }
