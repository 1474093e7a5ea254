import RedisKit

/// The steps of those who wait.
extension LockScripts {
    /// Takes all locks or none like ``acquire``; where others hold some, marks these as waited for.
    ///
    /// KEYS: fence, lock…, and in fair waiting as many queues · ARGV: owner, lease in ms, count of locks, waiter, ms for
    /// which the place in the queues is kept (0: none is taken), 1 when others of the caller wait too, server run.
    /// Replies like ``acquire``, but before the positions stands the longest remaining lease in ms, -1 when there is
    /// none: the locks are free, and others are first in the queues.
    ///
    /// A queue is a sorted set of waiters by arrival. One who has shown no sign of life for the time that places are
    /// kept has no key any more, and is removed by whoever comes upon it; a queue nobody shows a sign of life in ends by
    /// itself. All queues of a request are joined in one
    /// step, so the earliest of all who wait is the first in each of its own, and nobody is stuck.
    static let acquireWaiting = RedisScript(waitingAcquisition(step: 1), takesServerRun: true)

    /// The same on one of several independent masters.
    static let acquireWaitingVote = RedisScript(
        waitingAcquisition(step: FencingToken.voters), takesServerRun: true)

    private static func waitingAcquisition(step: Int64) -> String {
        """
        if redis.call('HEXISTS', KEYS[1], ARGV[7]) == 0 then return -1 end
        local count = tonumber(ARGV[3])
        local fair = #KEYS > count + 1
        local prefix = 'waiter:' .. string.match(KEYS[1], '%b{}') .. ':'
        local me = ARGV[4]
        local held = {-1}
        for i = 1, count do
          local isBehind = false
          if fair then
            local queue = KEYS[1 + count + i]
            local first = redis.call('ZRANGE', queue, 0, 0)[1]
            while first and first ~= me and redis.call('EXISTS', prefix .. first) == 0 do
              redis.call('ZREM', queue, first)
              first = redis.call('ZRANGE', queue, 0, 0)[1]
            end
            isBehind = first and first ~= me
          end
          local left = redis.call('PTTL', KEYS[1 + i])
          if left ~= -2 then
            held[#held + 1] = i - 1
            if left > held[1] then held[1] = left end
            if redis.call('GETRANGE', KEYS[1 + i], -1, -1) ~= '+' then redis.call('APPEND', KEYS[1 + i], '+') end
          elseif isBehind then
            held[#held + 1] = i - 1
          end
        end
        if #held == 1 then
          local mark = ARGV[1]
          if ARGV[6] == '1' then mark = mark .. '+' end
          for i = 1, count do
            local value = mark
            if fair then
              redis.call('ZREM', KEYS[1 + count + i], me)
              if redis.call('EXISTS', KEYS[1 + count + i]) == 1 then value = ARGV[1] .. '+' end
            end
            redis.call('SET', KEYS[1 + i], value, 'PX', ARGV[2])
          end
          if fair then redis.call('DEL', prefix .. me) end
          redis.call('HINCRBY', KEYS[1], ARGV[7], '\(step)')
          return redis.call('HGET', KEYS[1], ARGV[7])
        end
        if fair and ARGV[5] ~= '0' then
          redis.call('SET', prefix .. me, '', 'PX', ARGV[5])
          for i = 1, count do
            local queue = KEYS[1 + count + i]
            if not redis.call('ZSCORE', queue, me) then
              local last = redis.call('ZRANGE', queue, -1, -1, 'WITHSCORES')[2]
              redis.call('ZADD', queue, (tonumber(last) or 0) + 1, me)
            end
            redis.call('PEXPIRE', queue, tonumber(ARGV[5]) * 2)
          end
        end
        return held
        """
    }

    /// Leaves the queues of fair waiting; where a lock is free meanwhile, the next in its queue is told.
    ///
    /// KEYS: lock… and as many queues · ARGV: waiter.
    static let leaveQueues = RedisScript(
        """
        local count = #KEYS / 2
        redis.call('DEL', 'waiter:' .. string.match(KEYS[1], '%b{}') .. ':' .. ARGV[1])
        local freed
        for i = 1, count do
          redis.call('ZREM', KEYS[count + i], ARGV[1])
          if redis.call('EXISTS', KEYS[i]) == 0 and redis.call('EXISTS', KEYS[count + i]) == 1 then
            freed = freed or {}
            freed[#freed + 1] = KEYS[i]
          end
        end
        if freed then
          \(announcement)
        end
        return 1
        """)
}
