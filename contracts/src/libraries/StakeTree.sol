// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Weights that can be drawn from: a Fenwick tree
/// @dev Node i holds the sum of the weights in (i - lowbit(i), i], counted from 1; setting and drawing take log2 steps.
library StakeTree {
    struct Tree {
        /// @dev Position 0 is never used.
        uint256[] sums;
        uint256[] weights;
        uint256 total;
    }

    /// @notice Adds a leaf without weight.
    function append(Tree storage tree) internal returns (uint256 index) {
        if (tree.sums.length == 0) {
            tree.sums.push(0);
            tree.weights.push(0);
        }
        index = tree.sums.length;
        // What the new node spans already weighs what the nodes below it say.
        uint256 sum = 0;
        for (uint256 step = 1; step < _lowbit(index); step <<= 1) {
            sum += tree.sums[index - step];
        }
        tree.sums.push(sum);
        tree.weights.push(0);
    }

    /// @notice Gives a leaf its weight.
    function set(Tree storage tree, uint256 index, uint256 weight) internal {
        uint256 before = tree.weights[index];
        if (before == weight) return;
        tree.weights[index] = weight;
        tree.total = tree.total - before + weight;
        uint256 size = tree.sums.length;
        for (uint256 i = index; i < size; i += _lowbit(i)) {
            tree.sums[i] = tree.sums[i] - before + weight;
        }
    }


    /// @notice The leaf that `point`, below the total, falls on: each covers as many points as it weighs.
    function find(Tree storage tree, uint256 point) internal view returns (uint256 index) {
        uint256 size = tree.sums.length;
        uint256 step = 1;
        while (step << 1 < size) step <<= 1;
        for (; step != 0; step >>= 1) {
            uint256 next = index + step;
            if (next < size && tree.sums[next] <= point) {
                index = next;
                point -= tree.sums[next];
            }
        }
        return index + 1;
    }

    function _lowbit(uint256 index) private pure returns (uint256) {
        unchecked {
            return index & (~index + 1);
        }
    }
}
