// SPDX-License-Identifier: Apache-2.0
#include "queue/redis_scripts.hpp"

#include <cstdlib>

namespace cad::queue {
namespace {

// What the scripts share. An account's place: 2^42 for each runner that it holds, and milliseconds
// (until the year 2109), which a double holds exactly together.
constexpr std::string_view kCommon = R"lua(
local p, now = KEYS[1], tonumber(ARGV[1])
local call = redis.call

-- When it came, its turn, its leases so far and its account.
local function waiting(id)
  local job = call('HGET', p .. 'job', id)
  if not job then return '0', '0', '0', nil end
  return string.match(job, '^(%-?%d+) (%-?%d+) (%d+) (%S+)$')
end

local function place(account)
  local head = call('ZRANGE', p .. 'wait:' .. account, 0, 0)[1]
  if not head then
    call('ZREM', p .. 'ready', account)
    call('HDEL', p .. 'last', account)
    return
  end
  local created, turn = waiting(head)
  local held = math.min(tonumber(call('HGET', p .. 'held', account) or '0'), 2047)
  local last = tonumber(call('HGET', p .. 'last', account) or created)
  call('ZADD', p .. 'ready', held * 4398046511104 + turn + math.max(last - created, 0), account)
end

-- Whether it may be taken now.
local function put(id, created, turn, available, attempt, account)
  call('HSET', p .. 'job', id, created .. ' ' .. turn .. ' ' .. attempt .. ' ' .. account)
  if tonumber(available) > now then
    call('ZADD', p .. 'later', available, id)
    return false
  end
  call('ZADD', p .. 'wait:' .. account, turn, id)
  place(account)
  return true
end

local function waits_no_more(id)
  local created, turn, attempt, account = waiting(id)
  if not account then return end
  call('HDEL', p .. 'job', id)
  call('ZREM', p .. 'later', id)
  if call('ZREM', p .. 'wait:' .. account, id) == 1 then place(account) end
end

-- Entry, attempt, account and owner of what runs.
local function running(id)
  local run = call('HGET', p .. 'run', id)
  if not run then return end
  local entry, attempt, account, owner = string.match(run, '^(%S+) (%d+) (%S+) (.*)$')
  return entry, tonumber(attempt), account, owner
end

local function runs_no_more(id)
  local entry, attempt, account = running(id)
  if not entry then return end
  call('XACK', p .. 'work', 'workers', entry)
  call('XDEL', p .. 'work', entry)
  call('HDEL', p .. 'run', id)
  if call('HINCRBY', p .. 'held', account, -1) <= 0 then call('HDEL', p .. 'held', account) end
  if call('ZSCORE', p .. 'ready', account) then place(account) end
end

local function runs(id, account, owner, attempt)
  if call('EXISTS', p .. 'work') == 0 then
    call('XGROUP', 'CREATE', p .. 'work', 'workers', '0', 'MKSTREAM')
  end
  local entry = call('XADD', p .. 'work', '*', 'job', id)
  for _ = 1, 10 do
    local got = call('XREADGROUP', 'GROUP', 'workers', owner, 'COUNT', 1, 'STREAMS', p .. 'work', '>')
    if not got or got[1][2][1][1] == entry then break end
  end
  call('HSET', p .. 'run', id, entry .. ' ' .. attempt .. ' ' .. account .. ' ' .. owner)
  call('HINCRBY', p .. 'held', account, 1)
  call('HSET', p .. 'last', account, now)
  place(account)
  return entry
end

-- Whoever hears it is told how many did the last time: of many a few need to wake.
local function wake(node, count)
  if count == 0 then return end
  local listeners = call('GET', p .. 'listeners') or '1'
  call('SET', p .. 'listeners',
    call('PUBLISH', p .. 'wake', node .. ' ' .. count .. ' ' .. listeners))
end
)lua";

// ARGV: now, node, and of each job id, created, turn, available, attempt, account.
constexpr std::string_view kOffer = R"lua(
local count, ready = 0, 0
for i = 3, #ARGV, 6 do
  local id = ARGV[i]
  if call('HEXISTS', p .. 'job', id) == 0 and call('HEXISTS', p .. 'run', id) == 0 then
    if put(id, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]) then
      ready = ready + 1
    end
    count = count + 1
  end
end
wake(ARGV[2], ready)
return count
)lua";

// ARGV: now, node, entry, and the job as above.
constexpr std::string_view kRequeue = R"lua(
local id = ARGV[4]
local entry, attempt = running(id)
if entry and attempt > tonumber(ARGV[8]) and entry ~= ARGV[3] then return end
waits_no_more(id)
runs_no_more(id)
if put(id, ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]) then wake(ARGV[2], 1) end
)lua";

// ARGV: now, owner, the most that an account may hold (0: any), accounts that may not be served.
constexpr std::string_view kTake = R"lua(
for _, id in ipairs(call('ZRANGEBYSCORE', p .. 'later', '-inf', now, 'LIMIT', 0, 64)) do
  local created, turn, attempt, account = waiting(id)
  call('ZREM', p .. 'later', id)
  if account then put(id, created, turn, now, attempt, account) end
end
local complete, most = call('EXISTS', p .. 'epoch'), tonumber(ARGV[3])
local full = {}
for i = 4, #ARGV do full[ARGV[i]] = true end
local from = 0
while true do
  local accounts = call('ZRANGE', p .. 'ready', from, from + 15)
  if #accounts == 0 then return {complete} end
  for _, account in ipairs(accounts) do
    -- They come by what they hold: when this one has too many, all that follow have.
    if most > 0 and tonumber(call('HGET', p .. 'held', account) or '0') >= most then
      return {complete}
    end
    if not full[account] then
      local id = call('ZRANGE', p .. 'wait:' .. account, 0, 0)[1]
      if not id then  -- somebody else has removed keys
        call('ZREM', p .. 'ready', account)
        return {complete}
      end
      local created, turn, attempt = waiting(id)
      call('ZREM', p .. 'wait:' .. account, id)
      call('HDEL', p .. 'job', id)
      runs_no_more(id)
      local entry = runs(id, account, ARGV[2], attempt + 1)
      return {complete, id, created, turn, account, attempt, entry}
    end
  end
  from = from + #accounts
end
)lua";

// ARGV: now, owner, job, account, attempt.
constexpr std::string_view kAdopt = R"lua(
local id, attempt = ARGV[3], tonumber(ARGV[5])
local entry, known, account, owner = running(id)
if entry then
  if known > attempt then return end
  if known == attempt and owner == ARGV[2] and
    #call('XCLAIM', p .. 'work', 'workers', owner, 0, entry, 'JUSTID') == 1 then return end
  runs_no_more(id)
end
waits_no_more(id)
runs(id, ARGV[4], ARGV[2], ARGV[5])
)lua";

// ARGV: now, job, owner, attempt.
constexpr std::string_view kFinish = R"lua(
local entry, attempt, account, owner = running(ARGV[2])
if entry and attempt == tonumber(ARGV[4]) and owner == ARGV[3] then runs_no_more(ARGV[2]) end
)lua";

// ARGV: now, job, entry.
constexpr std::string_view kDrop = R"lua(
if running(ARGV[2]) == ARGV[3] then return runs_no_more(ARGV[2]) end
call('XACK', p .. 'work', 'workers', ARGV[3])
call('XDEL', p .. 'work', ARGV[3])
)lua";

constexpr std::string_view kEndWalk = R"lua(
if call('EXISTS', p .. 'walk:' .. ARGV[2]) == 1 then call('SET', p .. 'epoch', ARGV[1]) end
)lua";

redis::Script with_common(std::string_view body) {
  return redis::Script(std::string(kCommon) + std::string(body));
}

std::string str(std::string_view text) { return std::string(text); }

std::int64_t number(const redis::Reply& reply) {
  return reply.kind == redis::Reply::Kind::integer ? reply.integer
                                                   : std::strtoll(reply.text.c_str(), nullptr, 10);
}

void append(const Waiting& job, std::vector<std::string>& arguments) {
  arguments.push_back(job.id);
  arguments.push_back(std::to_string(job.created_at));
  arguments.push_back(std::to_string(job.turn_at));
  arguments.push_back(std::to_string(job.available_at));
  arguments.push_back(std::to_string(job.attempt));
  arguments.push_back(job.account_id);
}

// The stream may not be there yet, or not any more.
bool is_missing(const Error& error) {
  return error.message.find("NOGROUP") != std::string::npos ||
         error.message.find("no such key") != std::string::npos;
}

}  // namespace

RedisScripts::RedisScripts(redis::Client& client, std::string prefix, std::string node)
    : client_(client),
      prefix_(std::move(prefix) + std::string(kPlace)),
      node_(std::move(node)),
      offer_(with_common(kOffer)),
      requeue_(with_common(kRequeue)),
      take_(with_common(kTake)),
      adopt_(with_common(kAdopt)),
      finish_(with_common(kFinish)),
      drop_(with_common(kDrop)),
      end_walk_(with_common(kEndWalk)) {}

Result<redis::Reply> RedisScripts::call(const redis::Script& script,
                                        std::vector<std::string> arguments) {
  return client_.run(script, {prefix_}, arguments);
}

Result<std::int64_t> RedisScripts::offer(const std::vector<Waiting>& jobs, store::UnixMs now) {
  if (jobs.empty()) return 0;
  std::vector<std::string> arguments{std::to_string(now), node_};
  for (const Waiting& job : jobs) append(job, arguments);
  CAD_ASSIGN(const auto reply, call(offer_, std::move(arguments)));
  return reply.integer;
}

Result<void> RedisScripts::requeue(const Waiting& job, store::UnixMs now, std::string_view entry) {
  std::vector<std::string> arguments{std::to_string(now), node_, str(entry)};
  append(job, arguments);
  CAD_TRY(call(requeue_, std::move(arguments)));
  return {};
}

Result<RedisScripts::Choice> RedisScripts::take(store::UnixMs now, std::string_view owner,
                                                std::size_t most_everywhere,
                                                const std::vector<std::string>& full_accounts) {
  std::vector<std::string> arguments{std::to_string(now), str(owner),
                                     std::to_string(most_everywhere)};
  arguments.insert(arguments.end(), full_accounts.begin(), full_accounts.end());
  CAD_ASSIGN(const auto reply, call(take_, std::move(arguments)));
  Choice choice;
  if (reply.items.empty()) return choice;
  choice.complete = reply.items[0].integer == 1;
  if (reply.items.size() != 7) return choice;
  choice.job = Waiting{.id = reply.items[1].text,
                       .account_id = reply.items[4].text,
                       .created_at = number(reply.items[2]),
                       .turn_at = number(reply.items[3]),
                       .attempt = number(reply.items[5])};
  choice.entry = reply.items[6].text;
  choice.attempt = choice.job->attempt + 1;
  return choice;
}

Result<void> RedisScripts::adopt(store::UnixMs now, const Lease& lease, std::string_view job_id,
                                 std::string_view account_id) {
  CAD_TRY(call(adopt_, {std::to_string(now), lease.owner, str(job_id), str(account_id),
                        std::to_string(lease.attempt)}));
  return {};
}

Result<void> RedisScripts::finish(std::string_view job_id, const Lease& lease) {
  CAD_TRY(call(finish_, {"0", str(job_id), lease.owner, std::to_string(lease.attempt)}));
  return {};
}

Result<void> RedisScripts::drop(std::string_view job_id, std::string_view entry) {
  CAD_TRY(call(drop_, {"0", str(job_id), str(entry)}));
  return {};
}

Result<std::vector<RedisScripts::Entry>> RedisScripts::abandoned(std::string_view owner,
                                                                 std::chrono::milliseconds idle) {
  const auto reply = client_.run({"XAUTOCLAIM", name("work"), "workers", str(owner),
                                  std::to_string(idle.count()), "0", "COUNT", "100"});
  std::vector<Entry> entries;
  if (!reply && is_missing(reply.error())) return entries;
  CAD_TRY(reply);
  if (reply->items.size() < 2) return entries;
  for (const redis::Reply& entry : reply->items[1].items)
    if (entry.items.size() == 2 && entry.items[1].items.size() == 2)
      entries.push_back({entry.items[0].text, entry.items[1].items[1].text});
  return entries;
}

// Every process is a consumer of its own.
Result<void> RedisScripts::forget_consumers(std::chrono::milliseconds idle) {
  const auto reply = client_.run({"XINFO", "CONSUMERS", name("work"), "workers"});
  if (!reply && is_missing(reply.error())) return {};
  CAD_TRY(reply);
  for (const redis::Reply& consumer : reply->items) {
    const auto& fields = consumer.items;  // name, its value, pending, its value, idle, its value
    if (fields.size() < 6 || fields[3].integer > 0 || fields[5].integer < idle.count()) continue;
    CAD_TRY(client_.run({"XGROUP", "DELCONSUMER", name("work"), "workers", fields[1].text}));
  }
  return {};
}

Result<bool> RedisScripts::have_turn(std::chrono::milliseconds length) {
  CAD_ASSIGN(const auto reply,
             client_.run({"SET", name("tick"), node_, "NX", "PX", std::to_string(length.count())}));
  return !reply.is_nil();
}

Result<bool> RedisScripts::is_complete() {
  CAD_ASSIGN(const auto reply, client_.run({"EXISTS", name("epoch")}));
  return reply.integer == 1;
}

Result<bool> RedisScripts::begin_walk() {
  CAD_ASSIGN(const auto reply,
             client_.run({"SET", name("walk:" + node_), "1", "NX", "EX", "3600"}));
  return !reply.is_nil();
}

Result<void> RedisScripts::end_walk() {
  CAD_TRY(call(end_walk_, {"1", node_}));
  return {};
}

}  // namespace cad::queue
