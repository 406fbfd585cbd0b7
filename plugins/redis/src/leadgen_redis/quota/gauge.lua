-- One meter, shared by all processes that use one credential: its windows, the permits that are out, who waits.
--
-- One call is one step of one process: it reports what became of its permits, asks for new ones, and is told which
-- it has and when to ask again. All times are this server's own (TIME); clients send durations only. What an answer
-- says of the end of a window comes as "so many seconds after the answer's Date", never as a time of theirs.
--
-- The rules are those of the limiter of one process (leadgen-quota): places = limit - counted by the server - in
-- flight - lost since; one request, the pilot, opens each window, and this script decides whose it is.
--
-- KEYS[1] the state; KEYS[2] the channel. ARGV[1] the step as JSON. Reply: JSON.

local INF = 1e15
local SECOND = 1.0     -- what a time in whole seconds may hide
local SILENCE = 3      -- answers without a statement, after which a server that used to make one has stopped
local LONGEST_PAUSE = 60.0
local LATELY = 60.0    -- a process counts for the fair share so long after it was last seen
local BUCKETS = 400    -- parts of a window in which the log of a sliding window is kept
local RELEASED = 0.9   -- a reserved share is released evenly, all of it by this part of the window

local ask = cjson.decode(ARGV[1])
local clock = redis.call('TIME')
local raw_now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
local stored = redis.call('GET', KEYS[1])
local s = stored and cmsgpack.unpack(stored) or nil
local born = not s
if born then
  s = { epoch = ask.seed, tick = 0, off = 0, last = raw_now, windows = {}, live = {}, n = 0, losses = {}, procs = {},
        probing = ask.cap ~= nil, paused_until = 0, paused_tick = 0, strikes = 0, run = 0, hold = 0 }
  for _, rule in ipairs(ask.windows) do
    s.windows[#s.windows + 1] = { limit = rule[1], length = rule[2], told = false, settled = false, mark = 0, spent = 0,
      opened = 0, ends = INF, silent = 0, careful = false, bounded = false, own = INF, stated_end = INF,
      limit_tick = 0, heard = 0, sliding = false, log = {}, tops = {}, took = {} }
  end
end
-- The wall clock of this machine may be set back; ours is not.
if raw_now + s.off < s.last then s.off = s.last - raw_now end
local now = raw_now + s.off
s.last = now

-- --- one window ---------------------------------------------------------------------------------------------

local function margin(w) return math.min(0.1, 0.01 + w.length * 1e-4) end

local function allowed(w)
  if ask.cap and ask.cap < w.limit then return ask.cap end
  return w.limit
end

local function lost_since(mark)
  local count = 0
  for at = #s.losses, 1, -1 do
    if s.losses[at] <= mark then break end
    count = count + 1
  end
  return count
end

local function places(w)
  if not w.settled then return math.max(1, allowed(w)) - w.spent end
  if not w.counted then return allowed(w) - w.spent end
  local free = w.limit - w.counted - s.n - lost_since(w.mark)
  if ask.cap then free = math.min(free, ask.cap - w.spent) end
  return free
end

local function roll(w, in_flight)
  w.before = w.counted
  w.settled, w.bounded, w.counted = false, false, nil
  w.spent, w.opened, w.ends, w.took = in_flight, s.tick, INF, {}
end

local function unclear(w)
  if not w.settled then w.ends = math.min(w.ends, now + w.length + margin(w)) end
end

local function hush(w, heard)
  if w.told then
    w.silent = w.silent + 1
    if w.silent < SILENCE then return end
  end
  if not w.settled and heard.granted > w.opened then
    w.settled = true
    w.ends = heard.now + w.length + margin(w)
  end
end

-- When own requests were sent and answered: they were counted in between, and leave a sliding window a length later.
local function note(w, from, to)
  local log = w.log
  if #log == 0 or from - log[#log][1] >= w.length / BUCKETS then log[#log + 1] = { from, to } end
  local gone = 0
  while log[gone + 1] and log[gone + 1][1] + w.length <= now do gone = gone + 1 end
  if gone > 0 then
    local kept = {}
    for place = gone + 1, #log do kept[#kept + 1] = log[place] end
    w.log = kept
  end
end

-- The reset is not over, and places have come back.
local function slides(w, heard)
  if w.careful then w.own = heard.now + w.length end
  w.sliding, w.careful = true, false
end

local function count(w, stated, heard)
  local changed = stated.limit ~= w.limit
  if changed and stated.limit > w.limit and heard.sent <= w.limit_tick then return end
  if changed then w.limit, w.limit_tick = stated.limit, s.tick end
  if not stated.remaining then return end
  local counted = stated.limit - math.min(math.max(stated.remaining, 0), stated.limit)
  local known, level, at = w.counted, counted, s.tick
  -- What was heard since this request was sent may be newer than what it tells.
  for _, top in ipairs(w.tops) do
    if top[1] > heard.sent and top[2] > level then
      level, at = top[2], top[1]
      break
    end
  end
  local fell = known and level < known and heard.sent >= w.heard
  if fell and not changed then slides(w, heard) end
  if not known or fell then
    w.counted, w.mark, w.heard = level, heard.sent, at
  elseif changed or counted > known or (counted == known and heard.sent > w.mark) then
    w.counted, w.mark, w.heard = counted, heard.sent, s.tick
  end
end

-- Remember what is told, each count less than the one before it. Of two periods only the later counts.
local function top(w, stated)
  if not stated.remaining then return end
  local tops = w.tops
  local counted = stated.limit - math.min(math.max(stated.remaining, 0), stated.limit)
  local last = #tops > 0 and tops[#tops][3] or 0
  if stated.reset and last > 0 then
    if stated.reset - last >= w.length / 2 then
      tops = {}
    elseif last - stated.reset >= w.length / 2 then
      return
    end
  end
  while #tops > 0 and tops[#tops][2] <= counted do tops[#tops] = nil end
  tops[#tops + 1] = { s.tick, counted, stated.reset or 0 }
  if #tops > 128 then table.remove(tops, 1) end
  w.tops = tops
end

local function bound(w, stated, heard, still_open)
  local first = not w.bounded
  if first then
    w.bounded = true
    if still_open then w.careful = true else w.own = heard.now + w.length end
    w.stated_end = INF
  elseif not w.careful then
    w.own = math.min(w.own, heard.now + w.length)
  end
  if stated.reset then
    -- Of all answers the one that came soonest after its Date says best how their clock stands to ours.
    local skew = heard.now - (stated.reset - stated.within)
    s.skew = s.skew and math.min(skew, s.skew + (now - s.skew_at) * 1e-4) or skew
    s.skew_at = now
    local ends = s.skew + stated.reset + SECOND
    if first or not w.reset or stated.reset > w.reset then
      -- A later reset is the newer word: where windows slide, the place of the earlier one is taken again.
      w.reset, w.stated_end = stated.reset, ends
    elseif stated.reset == w.reset then
      w.stated_end = math.min(w.stated_end, ends)
    end
  end
  -- Rounding makes the two differ by a second or two; a reset that is much sooner is of a window that others opened.
  local ends = math.min(w.own, w.stated_end)
  if w.careful and w.stated_end < INF and w.stated_end > w.own - 2 * SECOND then ends = math.max(w.own, w.stated_end) end
  if w.sliding and w.log[1] then ends = math.min(ends, w.log[1][2] + w.length) end
  w.ends = ends + margin(w)
end

local function tell(w, stated, heard)
  top(w, stated)
  local step = stated.reset and w.reset and stated.reset - w.reset or nil
  local half = w.length / 2
  local fresh = heard.granted > w.opened
  local still_open = false
  if not step then
    if not fresh then return end
  elseif step >= half then
    if w.settled then roll(w, s.n + 1) end
  elseif step <= -half or not (w.settled or fresh) then
    if heard.live and not fresh then w.spent = w.spent - 1 end
    return
  elseif not w.settled then
    -- The reset is the old one, but places have come back: it slides.
    -- A request that was let through is one more, so an equal count says the same.
    local least = w.before and (heard.refused and w.before or w.before + 1)
    local fell = least and stated.remaining and stated.limit - stated.remaining < least
    if fell then slides(w, heard) end
    still_open = math.abs(step) <= SECOND and not w.sliding
  end
  w.told, w.settled, w.silent = true, true, 0
  count(w, stated, heard)
  bound(w, stated, heard, still_open)
end

-- --- the meter ----------------------------------------------------------------------------------------------

local function needs_pilot()
  if s.probing then return true end
  for _, w in ipairs(s.windows) do if not w.settled then return true end end
  return false
end

local function forget(id)
  if s.live[id] then s.live[id], s.n = nil, s.n - 1 end
  if s.pilot == id then s.pilot = nil end
end

local function lose(id)
  forget(id)
  s.tick = s.tick + 1
  s.losses[#s.losses + 1] = s.tick
  if #s.losses > 1000 then
    local kept = {}
    for place = #s.losses - 500, #s.losses do kept[#kept + 1] = s.losses[place] end
    s.losses = kept
  end
  for _, w in ipairs(s.windows) do unclear(w) end
end

local function give_back(id)
  local slip = s.live[id]
  if not slip then return end
  forget(id)
  for _, w in ipairs(s.windows) do
    w.spent = w.spent - 1
    if w.took[slip.k] and slip.g > w.opened then w.took[slip.k] = math.max(0, w.took[slip.k] - 1) end
  end
end

local function tidy()
  local dead = {}
  for pid, proc in pairs(s.procs) do
    if now - proc.seen > ask.lease then
      proc.i, proc.b = 0, 0
      if not proc.dead then dead[pid], proc.dead = true, true end
      if now - proc.seen > LATELY then s.procs[pid] = nil end
    end
  end
  if next(dead) then
    local gone = {}
    for id, slip in pairs(s.live) do if dead[slip.p] then gone[#gone + 1] = id end end
    for _, id in ipairs(gone) do lose(id) end
  end
  if s.pilot and now - s.pilot_at >= ask.patience then s.pilot = nil end
  local kept, others = {}, false
  for _, w in ipairs(s.windows) do if w.told and w.silent == 0 then others = true end end
  for _, w in ipairs(s.windows) do
    local keep = true
    if now >= w.ends then
      if not needs_pilot() then s.pilot = nil end
      roll(w, s.n)
      if w.silent > 0 and others then keep = false end
    end
    if keep then kept[#kept + 1] = w end
  end
  s.windows = kept
end

local function window_of(stated, all)
  for _, w in ipairs(s.windows) do if w.length == stated.length then return w end end
  for _, w in ipairs(s.windows) do
    local taken = false
    for _, other in ipairs(all) do if other.length == w.length then taken = true end end
    if not w.told and not taken then
      w.length = stated.length
      return w
    end
  end
  local w = { limit = stated.limit, length = stated.length, told = false, settled = false, mark = 0, spent = s.n + 1,
    opened = 0, ends = INF, silent = 0, careful = false, bounded = false, own = INF, stated_end = INF,
    limit_tick = 0, heard = 0, sliding = false, log = {}, tops = {}, took = {} }
  s.windows[#s.windows + 1] = w
  return w
end

local function hear(event)
  local id = tostring(event.id)
  local heard = { granted = event.granted, sent = event.sent, now = now - event.age, live = s.live[id] ~= nil,
    refused = event.refused }
  s.tick = s.tick + 1
  forget(id)
  tidy()
  local spoken = {}
  for _, stated in ipairs(event.windows) do
    local w = window_of(stated, event.windows)
    if event.took then note(w, heard.now - event.took, heard.now) end
    tell(w, stated, heard)
    spoken[w] = true
  end
  for _, w in ipairs(s.windows) do
    if not spoken[w] and not event.refused then hush(w, heard) end
    -- Not since it was heard: what was heard long ago, without this Redis, says nothing of how long this period lasts.
    unclear(w)
  end
end

local function refuse(event)
  hear(event)
  local first = event.granted > s.paused_tick
  if first then s.strikes = s.strikes + 1 end
  local till = event.delay and now - event.age + event.delay or nil
  if not till then
    for _, w in ipairs(s.windows) do
      if w.settled and now < w.ends and w.ends < INF then till = math.min(till or INF, w.ends) end
    end
  end
  if first and (not till or s.strikes > 1) then
    local growing = now + math.min(LONGEST_PAUSE, 2 ^ math.min(s.strikes - 1, 6))
    till = till and math.max(till, growing) or growing
  end
  if till then s.paused_until = math.max(s.paused_until, till) end
  s.paused_tick = s.tick
  s.probing = true
end

-- --- who may go ---------------------------------------------------------------------------------------------

-- How much of a window's reserve is still held, and when it next shrinks by a whole place.
local function held(w, plugin)
  local total, soonest = 0, INF
  for other, share in pairs(ask.reserve) do
    if other ~= plugin then
      local unused = math.max(0, math.floor(share * allowed(w)) - (w.took[other] or 0))
      if unused > 0 then
        local kept = unused
        if w.settled and w.ends < INF then
          local span = w.length * RELEASED
          local left = w.ends - w.length * (1 - RELEASED) - now
          kept = math.min(unused, math.max(0, math.ceil(unused * left / span)))
          if kept > 0 then soonest = math.min(soonest, now + left - (kept - 1) * span / unused) end
        end
        total = total + kept
      end
    end
  end
  return total, soonest
end

local function blocked()
  return now < s.paused_until or now < s.hold
    or (s.pilot and now - s.pilot_at < ask.patience and needs_pilot())
end

local function room(plugin)
  if blocked() then return 0 end
  local least = INF
  for _, w in ipairs(s.windows) do least = math.min(least, places(w) - (held(w, plugin))) end
  return least
end

local function grant(plugin)
  s.tick = s.tick + 1
  local id = tostring(s.tick)
  s.live[id] = { p = ask.pid, g = s.tick, k = plugin }
  s.n = s.n + 1
  for _, w in ipairs(s.windows) do
    w.spent = w.spent + 1
    w.took[plugin] = (w.took[plugin] or 0) + 1
  end
  if needs_pilot() then s.pilot, s.pilot_at = id, now end
  return s.tick
end

-- --- the step -----------------------------------------------------------------------------------------------

-- The client library sends a step again when its connection broke under it: the same answer, and nothing twice.
local before = s.procs[ask.pid]
if before and before.seq == ask.seq then return before.reply end

local changed = born
local paused_before = s.paused_until
local adopted = {}
tidy()
local rejoins = ask.epoch and (ask.epoch ~= s.epoch or ask.was)
if rejoins then
  changed = true
  if ask.blind or ask.epoch ~= s.epoch then
    -- Requests were sent that this state knows nothing of. Wait for the others to come back with theirs, too, and
    -- believe nothing that was known before.
    if now > s.hold + 5 then s.hold = now + ask.join end
    for _, w in ipairs(s.windows) do
      w.spent = w.spent + ask.used
      if w.told then roll(w, w.spent) end
      -- What was used was counted by now, so in a window that is over a length from now. Without an end, and with
      -- every place used, nobody could ever ask again. The last who comes back says when.
      if not w.settled then w.ends = now + w.length + margin(w) end
    end
    for _, known in ipairs(ask.recall) do
      -- As far as was known, nothing was left.
      if known[1] <= 0 and known[2] > 0 then s.hold = math.max(s.hold, now + known[2]) end
    end
  end
  for place, id in ipairs(ask.adopt) do
    local slip = ask.epoch == s.epoch and id > 0 and s.live[tostring(id)]
    if slip then
      slip.p = ask.pid
      adopted[place] = id
    elseif ask.epoch == s.epoch and id > 0 then
      adopted[place] = id  -- given up as lost; its answer will still tell
    else
      s.tick = s.tick + 1
      s.live[tostring(s.tick)] = { p = ask.pid, g = 0, k = '' }
      s.n = s.n + 1
      for _, w in ipairs(s.windows) do w.spent = w.spent + 1 end
      adopted[place] = s.tick
    end
  end
  if ask.pause then
    -- A pause that was heard of before outlives the state.
    s.paused_until = math.max(s.paused_until, now + ask.pause)
    s.paused_tick, s.probing = s.tick, true
  end
end
s.procs[ask.pid] = { seen = now, i = 0, b = 0, seq = ask.seq }

for _, event in ipairs(ask.events) do
  changed = true
  if ask.epoch ~= s.epoch then event.id, event.granted, event.sent = 0, 0, 0 end
  if event.what == 'back' then
    give_back(tostring(event.id))
  elseif event.what == 'lost' then
    if s.live[tostring(event.id)] then lose(tostring(event.id)) end
  elseif event.refused then
    refuse(event)
  else
    hear(event)
    if event.granted > s.paused_tick then s.strikes, s.probing = 0, false end
  end
end
if rejoins and ask.was then
  -- What else was granted under the old name never arrived. What has ended is told by the events above.
  local gone = {}
  for id, slip in pairs(s.live) do if slip.p == ask.was then gone[#gone + 1] = id end end
  for _, id in ipairs(gone) do lose(id) end
  s.procs[ask.was] = nil
end
if #ask.events > 0 then tidy() end

local elsewhere_i, elsewhere_b = 0, 0
for pid, proc in pairs(s.procs) do
  if pid ~= ask.pid then elsewhere_i, elsewhere_b = elsewhere_i + proc.i, elsewhere_b + proc.b end
end
local wait_i, wait_b = {}, {}
for place, want in ipairs(ask.wants) do
  local queue = want[1] == 0 and wait_i or wait_b
  queue[#queue + 1] = { place = place, plugin = want[2] }
end
local grants = {}

-- The first of a queue who may go: somebody whose plugin has a reserved share may pass one whose plugin has not.
local function serve(queue, keep)
  local full = {}
  for at, want in ipairs(queue) do
    if not full[want.plugin] then
      if room(want.plugin) > keep then
        table.remove(queue, at)
        grants[#grants + 1] = { want.place, grant(want.plugin) }
        return true
      end
      full[want.plugin] = true
    end
  end
  return false
end

while #wait_i + #wait_b > 0 do
  local turn_b = s.run >= ask.turns and #wait_b + elsewhere_b > 0
  if not turn_b and #wait_i > 0 and serve(wait_i, 0) then
    s.run = s.run + 1
  elseif turn_b and #wait_b > 0 and serve(wait_b, 0) then
    s.run = 0
  elseif turn_b and #wait_b == 0 and #wait_i > 0 and serve(wait_i, 1) then
    -- The next place belongs to somebody of another process who has waited long enough; there is one more.
    s.run = s.run
  elseif #wait_b > 0 and serve(wait_b, turn_b and 0 or elsewhere_i) then
    s.run = 0
  elseif turn_b and #wait_b > 0 and #wait_i > 0 and serve(wait_i, 0) then
    -- What is left is reserved for the one who would go out of turn.
    s.run = s.run
  else
    break
  end
end
local proc = s.procs[ask.pid]
proc.i, proc.b = #wait_i, #wait_b
-- A place that was kept for somebody urgent is to be offered to the others when who wanted it has left.
if before and proc.i < before.i then changed = true end

-- --- who is woken, and when ---------------------------------------------------------------------------------

-- A pause is told to all, those included who want nothing now: whoever knows of it can put it back. So is a new state.
local word = nil
if s.paused_until > math.max(now, paused_before) then
  word = string.format('%.6f', s.paused_until - now)
elseif born then
  word = ''
end
local free = false
if elsewhere_i + elsewhere_b > 0 and not blocked() then
  free = true
  for _, w in ipairs(s.windows) do if places(w) <= 0 then free = false end end
  if free and (changed or #grants > 0) then word = word or '' end
end
if word then redis.call('PUBLISH', KEYS[2], word) end

local wake = INF
if now < s.hold then wake = s.hold
elseif now < s.paused_until then wake = s.paused_until
else
  if s.pilot then wake = math.min(wake, s.pilot_at + ask.patience) end
  for _, w in ipairs(s.windows) do
    if w.ends > now then wake = math.min(wake, w.ends) end
    if #wait_i + #wait_b > 0 then
      for _, queue in ipairs({ wait_i, wait_b }) do
        if queue[1] then
          local _, soonest = held(w, queue[1].plugin)
          if soonest > now then wake = math.min(wake, soonest) end
        end
      end
    end
  end
end

local known, longest, lately = {}, 1800, 0
for _, w in ipairs(s.windows) do
  longest = math.max(longest, w.length)
  local ends = -1
  if w.ends < INF then ends = w.ends - now end
  known[#known + 1] = { w.limit, w.length, math.max(0, places(w)), ends, w.reset or -1, w.settled, w.told }
end
for _, other in pairs(s.procs) do lately = lately + 1 end

local answer = { epoch = s.epoch, tick = s.tick, processes = lately, wake = -1 }
if wake < INF then answer.wake = math.max(0, wake - now) end
if now < s.paused_until then answer.pause = s.paused_until - now end
if #grants > 0 then answer.grants = grants end
if #adopted > 0 then answer.adopted = adopted end
if #known > 0 then answer.windows = known end
proc.reply = cjson.encode(answer)
local kept = math.max(math.min(172800, 2 * longest), math.min(1e9, s.paused_until - now))
redis.call('SET', KEYS[1], cmsgpack.pack(s), 'EX', math.ceil(kept))
return proc.reply
