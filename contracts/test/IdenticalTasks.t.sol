// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IdenticalTasks} from "../src/libraries/IdenticalTasks.sol";
import {SealedAuctionFixture} from "./SealedAuctionFixture.sol";

/// @dev The auction's laws on random markets, against an optimum that is found in another way.
contract IdenticalTasksTest is SealedAuctionFixture {
    struct Market {
        IdenticalTasks.Offer[] offers;
        uint256 tasks;
        uint256 reserve;
        bytes32 seed;
    }

    /// @dev Up to seven bidders whose asks are close enough to tie often.
    function _market(uint256 random) private pure returns (Market memory market) {
        market.seed = keccak256(abi.encode(random));
        market.tasks = _pick(random, "tasks", 1, 8);
        market.reserve = _pick(random, "reserve", 1, 20);
        market.offers = new IdenticalTasks.Offer[](_pick(random, "bidders", 0, 7));
        for (uint256 i = 0; i < market.offers.length; ++i) {
            market.offers[i] = IdenticalTasks.Offer({
                bidder: _bidder(i),
                ask: uint128(_pick(random, abi.encode("ask", i), 0, 22)),
                slots: uint32(_pick(random, abi.encode("slots", i), 0, 4))
            });
        }
    }

    function _pick(uint256 random, bytes memory what, uint256 low, uint256 high) private pure returns (uint256) {
        return _bound(uint256(keccak256(abi.encode(random, what))), low, high);
    }

    function _clear(Market memory market) private view returns (IdenticalTasks.Win[] memory) {
        return auctions.outcomeOf(market.offers, market.tasks, market.reserve, market.seed);
    }

    /// @dev What the market is worth without one bidder, by a table of the best way to give away each number of tasks.
    function _worthWithout(Market memory market, uint256 without) private pure returns (uint256) {
        uint256[] memory best = new uint256[](market.tasks + 1);
        for (uint256 i = 0; i < market.offers.length; ++i) {
            IdenticalTasks.Offer memory offer = market.offers[i];
            if (i == without || offer.ask > market.reserve) continue;
            for (uint256 tasks = market.tasks; tasks != 0; --tasks) {
                for (uint256 taken = 1; taken <= offer.slots && taken <= tasks; ++taken) {
                    uint256 worth = best[tasks - taken] + taken * (market.reserve - offer.ask);
                    if (worth > best[tasks]) best[tasks] = worth;
                }
            }
        }
        return best[market.tasks];
    }

    function _worth(Market memory market) private pure returns (uint256) {
        return _worthWithout(market, type(uint256).max);
    }

    /// @dev What an outcome leaves a bidder with this true cost.
    function _gain(IdenticalTasks.Win memory win, uint256 cost) private pure returns (int256) {
        return int256(win.payment) - int256(win.tasks * cost);
    }

    function testFuzz_the_outcome_is_worth_the_most_there_is(uint256 random) public view {
        Market memory market = _market(random);
        IdenticalTasks.Win[] memory wins = _clear(market);
        uint256 worth = 0;
        uint256 given = 0;
        for (uint256 i = 0; i < wins.length; ++i) {
            assertEq(wins[i].tasks <= market.offers[i].slots ? 1 : 0, 1);
            if (wins[i].tasks != 0) worth += wins[i].tasks * (market.reserve - market.offers[i].ask);
            given += wins[i].tasks;
        }
        assertEq(given <= market.tasks ? 1 : 0, 1);
        assertEq(worth, _worth(market));
    }

    function testFuzz_a_winner_is_paid_its_asks_and_what_the_market_loses_without_it(uint256 random) public view {
        Market memory market = _market(random);
        IdenticalTasks.Win[] memory wins = _clear(market);
        uint256 worth = _worth(market);
        for (uint256 i = 0; i < wins.length; ++i) {
            assertEq(wins[i].payment, wins[i].tasks * market.offers[i].ask + worth - _worthWithout(market, i));
        }
    }

    function testFuzz_nobody_loses_and_the_budget_is_never_exceeded(uint256 random) public view {
        Market memory market = _market(random);
        IdenticalTasks.Win[] memory wins = _clear(market);
        uint256 paid = 0;
        for (uint256 i = 0; i < wins.length; ++i) {
            assertEq(_gain(wins[i], market.offers[i].ask) >= 0 ? 1 : 0, 1);
            assertEq(wins[i].payment <= wins[i].tasks * market.reserve ? 1 : 0, 1);
            paid += wins[i].payment;
        }
        assertEq(paid <= market.tasks * market.reserve ? 1 : 0, 1);
    }

    function testFuzz_no_bidder_gains_by_another_ask_or_fewer_slots(uint256 random, uint128 ask, uint32 slots)
        public
        view
    {
        Market memory market = _market(random);
        if (market.offers.length == 0) return;
        IdenticalTasks.Offer memory liar = market.offers[random % market.offers.length];
        uint256 cost = liar.ask;
        int256 honest = _gain(_clear(market)[random % market.offers.length], cost);
        liar.ask = uint128(_bound(ask, 0, 22));
        liar.slots = uint32(_bound(slots, 0, liar.slots));
        int256 lying = _gain(_clear(market)[random % market.offers.length], cost);
        assertEq(lying <= honest ? 1 : 0, 1);
    }

    function testFuzz_a_tie_decides_who_works_and_nobodys_gain(uint256 random, bytes32 otherSeed) public view {
        Market memory market = _market(random);
        IdenticalTasks.Win[] memory wins = _clear(market);
        market.seed = otherSeed;
        IdenticalTasks.Win[] memory others = _clear(market);
        for (uint256 i = 0; i < wins.length; ++i) {
            uint256 ask = market.offers[i].ask;
            assertEq(uint256(_gain(wins[i], ask)), uint256(_gain(others[i], ask)));
        }
    }

    function test_the_largest_amounts_there_are_do_not_overflow() public view {
        Market memory market;
        market.offers = new IdenticalTasks.Offer[](1);
        market.offers[0] = IdenticalTasks.Offer(_bidder(0), type(uint128).max, type(uint32).max);
        (market.tasks, market.reserve) = (type(uint32).max, type(uint128).max);
        IdenticalTasks.Win[] memory wins = _clear(market);
        assertEq(wins[0].tasks, type(uint32).max);
        assertEq(wins[0].payment, uint256(type(uint32).max) * type(uint128).max);
    }
}
