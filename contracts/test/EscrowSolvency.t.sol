// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Escrow} from "../src/Escrow.sol";
import {IEscrow} from "../src/interfaces/IEscrow.sol";
import {IEscrowFunding} from "../src/interfaces/IEscrowFunding.sol";
import {IEscrowParameters} from "../src/interfaces/IEscrowParameters.sol";
import {ResultHashVerifier} from "../src/verifiers/ResultHashVerifier.sol";
import {EscrowFixture} from "./EscrowFixture.sol";
import {vm} from "./Vm.sol";

/// @dev Does whatever those around an escrow may do, in any order, as far as it lets them.
contract EscrowActor is EscrowFixture {
    uint256 public clock = START;
    uint256 public count;
    /// @dev All that was ever set aside, and all that was ever pulled.
    uint256 public funded;
    uint256 public pulled;

    ResultHashVerifier private verifier;
    mapping(uint256 escrowId => IEscrow.State) private lastState;

    error Insolvent(uint256 owed, uint256 held);
    error PaidTwice(uint256 funded, uint256 accounted);
    error Reopened(uint256 escrowId, IEscrow.State before, IEscrow.State now_);

    function setUp() public override {
        if (address(escrow) != address(0)) return;
        super.setUp();
        verifier = new ResultHashVerifier();
        token.mint(REQUESTER, 1e30);
    }

    function fund(uint256 amount, bool verified, bool staked) external {
        IEscrowFunding.Terms memory terms = _terms();
        terms.amount = _bound(amount, 1, 1_000 * DOLLAR);
        terms.deliverBy = uint64(clock + 5 days);
        if (verified) {
            (terms.verifier, terms.condition) = (address(verifier), abi.encode(verifier.commitmentTo(TASK, RESULT)));
        }
        if (!staked) terms.node = address(0);
        count = _fund(terms);
        funded += terms.amount;
    }

    function stakeForNode(uint256 amount) external {
        amount = _bound(amount, 1, 100 * DOLLAR);
        _allow(PROVIDER, amount, address(stakes));
        vm.prank(PROVIDER);
        stakes.stake(NODE, address(token), amount);
    }

    function deliver(uint256 id, bool expected) external {
        vm.prank(PROVIDER);
        try escrow.deliver(_pick(id), expected ? RESULT : TASK) {} catch {}
    }

    function verify(uint256 id) external {
        try escrow.verify(_pick(id), "") {} catch {}
    }

    function release(uint256 id, bool byRequester) external {
        vm.prank(byRequester ? REQUESTER : STRANGER);
        try escrow.release(_pick(id)) {} catch {}
    }

    function refund(uint256 id, bool byProvider) external {
        vm.prank(byProvider ? PROVIDER : STRANGER);
        try escrow.refund(_pick(id)) {} catch {}
    }

    function hold(uint256 id) external {
        vm.prank(COURT);
        try escrow.hold(_pick(id), REQUESTER) {} catch {}
    }

    function rule(uint256 id, uint256 share, bool forOpener) external {
        vm.prank(COURT);
        try escrow.rule(_pick(id), uint16(_bound(share, 0, 10_001)), forOpener) {} catch {}
    }

    function lapse(uint256 id) external {
        try escrow.lapse(_pick(id)) {} catch {}
    }

    function withdraw(uint256 who) external {
        address owner = [REQUESTER, PROVIDER, FEES][who % 3];
        pulled += _balance(owner);
        try escrow.withdraw(owner, address(token)) {} catch {}
    }

    function setFee(uint16 feeBps) external {
        IEscrowParameters.Parameters memory given = _parameters();
        given.feeBps = uint16(_bound(feeBps, 0, 1_000));
        escrow.setParameters(given);
    }

    function passTime(uint256 seconds_) external {
        clock += _bound(seconds_, 1, 60 days);
        vm.warp(clock);
    }

    function owed() public view returns (uint256 sum) {
        sum = _balance(REQUESTER) + _balance(PROVIDER) + _balance(FEES);
        for (uint256 id = 1; id <= count; ++id) {
            (IEscrowFunding.Terms memory terms, IEscrow.Record memory record) = escrow.escrowOf(id);
            if (record.state <= IEscrow.State.Held) sum += terms.amount;
        }
    }

    function held() public view returns (uint256) {
        return token.balanceOf(address(escrow));
    }

    function checkSolvency() external view {
        if (owed() != held()) revert Insolvent(owed(), held());
    }

    /// @dev States only go forward, what is closed is closed, and what came in is still owed or was pulled.
    function checkNoDoublePayOut() external {
        if (owed() + pulled != funded) revert PaidTwice(funded, owed() + pulled);
        for (uint256 id = 1; id <= count; ++id) {
            (IEscrow.State before, IEscrow.State now_) = (lastState[id], _stateOf(id));
            bool closed = before >= IEscrow.State.Released;
            if (now_ < before || (closed && now_ != before)) revert Reopened(id, before, now_);
            lastState[id] = now_;
        }
    }

    function _pick(uint256 id) private view returns (uint256) {
        return count == 0 ? 1 : 1 + id % count;
    }
}

contract EscrowSolvencyTest {
    EscrowActor private actor;

    function setUp() public {
        actor = new EscrowActor();
        actor.setUp();
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(actor);
    }

    function invariant_the_escrow_holds_exactly_what_it_owes() public view {
        actor.checkSolvency();
    }

    function invariant_no_escrow_is_paid_out_twice() public {
        actor.checkNoDoublePayOut();
    }
}

/// @dev The escrow with two bugs that the invariants must find.
contract LeakyEscrow is Escrow {
    constructor(address authority, Parameters memory given) Escrow(authority, given) {}

    function payAgain(uint256 escrowId) external {
        _close(escrowId, State.Released, BPS);
    }

    function settleAnew(uint256 escrowId) external {
        _records[escrowId].state = State.Lapsed;
    }
}

contract LeakyEscrowActor is EscrowActor {
    function _newEscrow() internal override returns (Escrow) {
        return new LeakyEscrow(address(manager), _parameters());
    }

    function payAgain(uint256 escrowId) external {
        LeakyEscrow(address(escrow)).payAgain(escrowId);
    }

    function settleAnew(uint256 escrowId) external {
        LeakyEscrow(address(escrow)).settleAnew(escrowId);
    }
}

contract EscrowInvariantsCanFailTest {
    LeakyEscrowActor private leaky;

    function setUp() public {
        leaky = new LeakyEscrowActor();
        leaky.setUp();
        leaky.fund(1e6, false, false);
        leaky.deliver(1, true);
        leaky.release(1, true);
        leaky.checkSolvency();
        leaky.checkNoDoublePayOut();
    }

    function test_an_escrow_that_pays_twice_is_found() public {
        leaky.payAgain(1);
        uint256 held = leaky.held();
        vm.expectRevert(abi.encodeWithSelector(EscrowActor.Insolvent.selector, 2 * held, held));
        leaky.checkSolvency();
        vm.expectRevert(abi.encodeWithSelector(EscrowActor.PaidTwice.selector, held, 2 * held));
        leaky.checkNoDoublePayOut();
    }

    function test_an_escrow_that_is_closed_twice_is_found() public {
        leaky.settleAnew(1);
        vm.expectRevert(
            abi.encodeWithSelector(EscrowActor.Reopened.selector, 1, IEscrow.State.Released, IEscrow.State.Lapsed)
        );
        leaky.checkNoDoublePayOut();
    }
}
