// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title The outcome of an auction for identical tasks
/// @notice The cheapest slots win. A winner, removed whole, is paid what the same tasks would cost without it: the next
/// asks of the others, or the reserve where there is none. That is its own asks and `W(N) − W(N∖j)`, the market's VCG
/// payment, in whole units.
library IdenticalTasks {
    struct Offer {
        address bidder;
        /// @dev What the bidder asks for each task.
        uint128 ask;
        /// @dev How many tasks it would do at most.
        uint32 slots;
    }

    struct Win {
        uint256 tasks;
        /// @dev For all of them together.
        uint256 payment;
    }

    /// @notice What each offer wins, in the offers' order. Offers above the reserve win nothing.
    /// @dev Equal asks are ordered by `H(seed, bidder)`. Which of them wins changes nobody's gain, since a task won on a
    /// tie pays exactly the ask.
    function clear(Offer[] memory offers, uint256 tasks, uint256 reserve, bytes32 seed)
        internal
        pure
        returns (Win[] memory wins)
    {
        wins = new Win[](offers.length);
        uint256[] memory order = _cheapestFirst(offers, reserve, seed);
        uint256 left = tasks;
        uint256 filled = 0;
        while (filled < order.length && left != 0) {
            uint256 index = order[filled];
            uint256 taken = _min(offers[index].slots, left);
            wins[index].tasks = taken;
            left -= taken;
            ++filled;
        }
        for (uint256 place = 0; place < filled; ++place) {
            wins[order[place]].payment = _costWithout(offers, wins, order, filled - 1, order[place], reserve);
        }
    }

    /// @dev What the tasks of one winner cost without it. Of the winners only the last can have a slot free.
    function _costWithout(
        Offer[] memory offers,
        Win[] memory wins,
        uint256[] memory order,
        uint256 lastWinner,
        uint256 without,
        uint256 reserve
    ) private pure returns (uint256 cost) {
        uint256 need = wins[without].tasks;
        for (uint256 place = lastWinner; place < order.length && need != 0; ++place) {
            uint256 index = order[place];
            if (index == without) continue;
            uint256 taken = _min(offers[index].slots - wins[index].tasks, need);
            cost += taken * offers[index].ask;
            need -= taken;
        }
        cost += need * reserve;
    }

    /// @dev The offers up to the reserve, by ask and then by hash.
    function _cheapestFirst(Offer[] memory offers, uint256 reserve, bytes32 seed)
        private
        pure
        returns (uint256[] memory order)
    {
        uint256 count = 0;
        for (uint256 index = 0; index < offers.length; ++index) {
            if (offers[index].ask <= reserve) ++count;
        }
        order = new uint256[](count);
        uint256[] memory keys = new uint256[](count);
        count = 0;
        for (uint256 index = 0; index < offers.length; ++index) {
            Offer memory offer = offers[index];
            if (offer.ask > reserve) continue;
            uint256 tie = uint128(uint256(keccak256(abi.encode(seed, offer.bidder))));
            uint256 key = uint256(offer.ask) << 128 | tie;
            uint256 place = count;
            for (; place != 0 && keys[place - 1] > key; --place) {
                keys[place] = keys[place - 1];
                order[place] = order[place - 1];
            }
            keys[place] = key;
            order[place] = index;
            ++count;
        }
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
