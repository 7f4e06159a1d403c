-- Sends the bodies of a file, one a line, over and over, each thread beginning somewhere else; with BODIES_ONCE each just once.
-- Whatever is no answer ends up in the count of failures: another status, errors, or more requests than there are bodies.
local once = os.getenv("BODIES_ONCE") == "1"
-- Looking into half a megabyte takes longer than some servers do; those answers are checked by their number of bytes.
local looks = os.getenv("LOOK_INTO_ANSWERS") == "1"
local threads = {}

local addresses = {}
for host, port in os.getenv("ADDRESSES"):gmatch("([^ :]+):(%d+)") do
  table.insert(addresses, wrk.lookup(host, port)[1])
end

-- Two servers of one database get a thread each.
function setup(thread)
  thread.addr = addresses[#threads % #addresses + 1]
  thread:set("first", #threads)
  table.insert(threads, thread)
end

function init()
  wrk.method = "POST"
  wrk.headers["content-type"] = "application/json"
  wrk.headers["authorization"] = os.getenv("AUTHORIZATION")
  requests = {}
  for line in io.lines(os.getenv("BODIES")) do
    table.insert(requests, wrk.format(nil, nil, nil, line))
  end
  -- Two threads share the bodies.
  at = once and first or math.floor(first * #requests / 2)
  step = once and 2 or 1
  failed, failure, sent = 0, "", 0
end

function request()
  if once and at >= #requests then
    failed, failure = failed + 1, "there are not enough bodies"
    return requests[#requests]
  end
  local body = requests[at % #requests + 1]
  at, sent = at + step, sent + 1
  return body
end

if looks then
  function response(status, headers, body)
    local refused = body:find('"userErrors":[{', 1, true)
    if status ~= 200 or refused or body:find('"errors"', 1, true) or not body:find('^{"data" ?: ?{') then
      failed, failure = failed + 1, status .. " " .. body:sub(1, 300)
    end
  end
end

function done(summary, latency)
  local failures, why, total, most = 0, "", 0, 0
  for _, thread in ipairs(threads) do
    failures = failures + thread:get("failed")
    total, most = total + thread:get("sent"), math.max(most, thread:get("sent"))
    if thread:get("failure") ~= "" then why = thread:get("failure") end
  end
  for kind, count in pairs(summary.errors) do
    failures = failures + count
    if count > 0 then why = string.format("%d of %s %s", count, kind, why) end
  end
  io.write(string.format(
    "RESULT %d %d %d %d %d %d %d %d %s\n", summary.requests, summary.duration, summary.bytes, failures,
    latency:percentile(50), latency:percentile(99), total, most, why:gsub("\n", " ")))
end
