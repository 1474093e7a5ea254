// LockKit
